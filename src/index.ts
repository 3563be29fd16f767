/**
 * A second factor for login flows: one-time passwords from authenticator apps (HOTP, RFC 4226; TOTP, RFC 6238)
 * and six-digit tokens by e-mail, behind a pluggable store.
 *
 * @module countersign
 */
export type {
  EmailTokens,
  IssueRequest,
  IssueResult,
  RedeemRequest,
  RedeemResult,
  TokenTarget,
} from './email-token/contract.js';
export { createEmailTokens } from './email-token/email-tokens.js';
export type { EmailTokenEvent, EmailTokenEventDetails, OnEmailTokenEvent } from './email-token/events.js';
export { type MailMessage, type MessageInput, renderMessage } from './email-token/message.js';
export { escapeHtml } from './email-token/messages/escape-html.js';
export {
  type EmailTokenLimits,
  looserThanRecommended,
  type LooserLimits,
  type PolicyOptions,
  strictPolicy,
} from './email-token/policy.js';
export type { EmailTokensOptions, OutgoingMail, Render, Send } from './email-token/settings.js';
export type { Key } from './internal/keys.js';
export { CountersignError, type ErrorCode, isCountersignError } from './internal/errors.js';
export {
  checkCompatibility,
  type CompatibilityOptions,
  type Warning,
  type WarningCode,
} from './otp/compatibility.js';
export { formatOtpauthUri, type FormatOtpauthUriOptions, type Label } from './otp/format-otpauth-uri.js';
export {
  generateHotp,
  type GenerateHotpOptions,
  type HotpMatch,
  resynchronizeHotp,
  verifyHotp,
  type VerifyHotpOptions,
} from './otp/hotp.js';
export type { Algorithm, Digits, OtpParameters, TotpParameters } from './otp/parameters.js';
export {
  type ParsedHotpUri,
  type ParsedOtpauthUriBase,
  type ParsedTotpUri,
  parseOtpauthUri,
} from './otp/parse-otpauth-uri.js';
export {
  type GenerateSecretOptions,
  type ImportBase32Options,
  type ImportSecretOptions,
  Secret,
} from './otp/secret.js';
export { memoryStore, type MemoryStore, type MemoryStoreOptions } from './store/memory-store.js';
export type { NextRecord, Store, StoredRecord } from './store/store.js';
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
export type {
  ActivationRequest,
  BeginActivationResult,
  BeginRequest,
  BeginResult,
  CodeRefusal,
  CodeRequest,
  CompleteRequest,
  CompleteResult,
  ConfirmActivationResult,
  DeactivateResult,
  RenewRecoveryCodesResult,
  TwoFactor,
  TwoFactorStatus,
} from './two-factor/contract.js';
export type { Fallback } from './two-factor/account.js';
export type {
  OnTwoFactorEvent,
  TwoFactorAction,
  TwoFactorEvent,
  TwoFactorEventDetails,
} from './two-factor/events.js';
export type { TwoFactorOptions } from './two-factor/settings.js';
export { createTwoFactor } from './two-factor/two-factor.js';
