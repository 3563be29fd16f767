/**
 * A second factor for login flows: one-time passwords from authenticator apps (HOTP, RFC 4226; TOTP, RFC 6238).
 *
 * @packageDocumentation
 */
export { CountersignError, type ErrorCode, isCountersignError } from './internal/errors.js';
export {
  checkCompatibility,
  type CompatibilityOptions,
  type Warning,
  type WarningCode,
} from './otp/compatibility.js';
export { formatOtpauthUri, type FormatOtpauthUriOptions } from './otp/format-otpauth-uri.js';
export {
  generateHotp,
  type GenerateHotpOptions,
  type HotpMatch,
  resynchronizeHotp,
  verifyHotp,
  type VerifyHotpOptions,
} from './otp/hotp.js';
export type { Label } from './otp/label.js';
export type { Algorithm, Digits, OtpParameters, TotpParameters } from './otp/parameters.js';
export {
  type ParsedHotpUri,
  type ParsedOtpauthUriBase,
  type ParsedTotpUri,
  parseOtpauthUri,
} from './otp/parse-otpauth-uri.js';
export { type GenerateSecretOptions, type ImportSecretOptions, Secret } from './otp/secret.js';
export { type Instant, totpValidity, type TotpValidity, type TotpValidityOptions } from './otp/time-step.js';
export {
  allowReplay,
  generateTotp,
  type GenerateTotpOptions,
  type TotpMatch,
  type TotpWindow,
  verifyTotp,
  type VerifyTotpOptions,
} from './otp/totp.js';
