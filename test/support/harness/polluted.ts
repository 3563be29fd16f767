/** What `act` gives while `Object.prototype` has these properties, as after somebody's careless merge of JSON. */
export async function whilePolluted<T>(
  properties: Readonly<Record<string, unknown>>,
  act: () => T | Promise<T>,
): Promise<T> {
  Object.assign(Object.prototype, properties);
  try {
    return await act();
  } finally {
    for (const name of Object.keys(properties)) Reflect.deleteProperty(Object.prototype, name);
  }
}
