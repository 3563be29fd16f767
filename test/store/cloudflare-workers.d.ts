/** What the tests use of the runtime's own module, so that they need no package of types. */
declare module 'cloudflare:workers' {
  export class DurableObject<Env> {
    constructor(ctx: object, env: Env);
    protected readonly env: Env;
  }
}
