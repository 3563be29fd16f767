declare module 'thirty-two' {
  export function encode(plain: Buffer | string): Buffer;
  export function decode(encoded: Buffer | string): Buffer;
}
