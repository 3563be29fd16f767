/** Thrown for a page with a status other than 200: a refusal is no exception of the flow, only of HTTP. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly page: string,
  ) {
    super('refused');
  }
}
