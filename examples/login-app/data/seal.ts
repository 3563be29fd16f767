import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** The name under which a session is kept: at rest nothing leads back to the cookie. */
export function nameOf(id: string): string {
  return digest('name', id).toString('hex');
}

/** Seals a text (AES-256-GCM) so that only the browser with the cookie can have it read. */
export function seal(id: string, text: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', digest('key', id), iv);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
}

export function unseal(id: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', digest('key', id), bytes.subarray(0, IV_BYTES));
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const body = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES));
  return Buffer.concat([body, decipher.final()]).toString('utf8');
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Synchronous: WebCrypto waits in one queue with the password hashes. The id has 256 random bits, so one hash will do. */
function digest(use: string, id: string): Buffer {
  return createHash('sha256').update(`${use}:${id}`).digest();
}
