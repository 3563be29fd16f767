import fc from 'fast-check';

const codeUnit = fc.nat({ max: 0xffff }).map((unit) => String.fromCharCode(unit));

/** Any UTF-16 text, lone surrogates included. fast-check's own unit `binary` takes seconds to prepare. */
export function anyText(
  constraints: { readonly minLength?: number; readonly maxLength?: number } = {},
): fc.Arbitrary<string> {
  return fc.string({ unit: codeUnit, ...constraints });
}
