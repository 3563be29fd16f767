import { formatOtpauthUri, Secret } from '../../src/index.js';

const secret = Secret.fromBase32('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');

/** A URI as most people will make it, 125 characters long. */
export const usualUri: string = formatOtpauthUri(secret, {
  issuer: 'Example Hosting',
  account: 'ada.lovelace2@example.com',
});

/** URIs of each kind that has broken a QR encoder or a reader. */
export const uris: Readonly<Record<string, string>> = {
  usual: usualUri,
  'with umlauts and emoji': formatOtpauthUri(secret, {
    issuer: 'Überraschungsgäste & Söhne 🎂🚀',
    account: 'jürgen.groß@example.com',
  }),
  'for a counter': formatOtpauthUri(secret, { type: 'hotp', issuer: 'Example', account: 'ada', counter: 7 }),
  'in capitals': 'OTPAUTH://TOTP/EXAMPLE:ADA?SECRET=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&ISSUER=EXAMPLE',
  '600 characters long': uriOfLength(600),
  'as long as a code can hold': uriOfLength(2331),
};

/** A URI of exactly so many characters. */
export function uriOfLength(length: number): string {
  const start = `${usualUri}&image=https://example.com/`;
  return start + 'a1-'.repeat(length).slice(0, length - start.length);
}
