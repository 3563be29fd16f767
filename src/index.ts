/**
 * A second factor for login flows: one-time passwords from authenticator apps (HOTP, RFC 4226; TOTP, RFC 6238)
 * and six-digit tokens by e-mail, behind a pluggable store.
 *
 * @module countersign
 */
export type {
  EmailTokenEvent,
  EmailTokenEventDetails,
  EmailTokens,
  IssueRequest,
  IssueResult,
  OnEmailTokenEvent,
  RedeemRefusalReason,
  RedeemRequest,
  RedeemResult,
  TokenTarget,
} from './email-token/contract.js';
export { createEmailTokens } from './email-token/email-tokens.js';
export {
  type MailLanguages,
  type MailMessage,
  type MessageInput,
  renderMessage,
} from './email-token/message.js';
export { english } from './email-token/messages/english.js';
export { german } from './email-token/messages/german.js';
export { escapeHtml } from './email-token/messages/mail-html.js';
export type {
  CodeSentences,
  MailLanguage,
  NoticeKind,
  NoticeSentences,
} from './email-token/messages/mail-language.js';
export {
  type EmailTokenLimits,
  type LooserLimits,
  looserThanRecommended,
  type PolicyOptions,
  type SendTimeout,
  strictPolicy,
} from './email-token/policy.js';
export type { EmailTokensOptions, MailOptions, OutgoingMail, Render, Send } from './email-token/settings.js';
export { CountersignError, type ErrorCode, isCountersignError } from './internal/errors.js';
export { type Key, type Keys, retired, type RetiredKey } from './internal/keys.js';
export {
  checkCompatibility,
  type CompatibilityOptions,
  type Warning,
  type WarningCode,
} from './otp/compatibility.js';
export {
  generateHotp,
  type GenerateHotpOptions,
  type HotpMatch,
  resynchronizeHotp,
  verifyHotp,
  type VerifyHotpOptions,
} from './otp/hotp.js';
export {
  formatOtpauthUri,
  type FormatOtpauthUriOptions,
  type Label,
  type ParsedHotpUri,
  type ParsedOtpauthUriBase,
  type ParsedTotpUri,
  parseOtpauthUri,
} from './otp/otpauth-uri.js';
export type { Algorithm, Digits, OtpParameters, TotpParameters } from './otp/parameters.js';
export {
  type GenerateSecretOptions,
  type ImportBase32Options,
  type ImportSecretOptions,
  Secret,
} from './otp/secret.js';
export {
  allowReplay,
  generateTotp,
  type GenerateTotpOptions,
  type Instant,
  type TotpMatch,
  totpValidity,
  type TotpValidity,
  type TotpValidityOptions,
  type TotpWindow,
  verifyTotp,
  type VerifyTotpOptions,
} from './otp/totp.js';
export { memoryStore, type MemoryStore, type MemoryStoreOptions } from './store/memory-store.js';
export type { NextRecord, Store, StoredRecord } from './store/store.js';
export {
  explainPolicy,
  type FactorOdds,
  type GuessingOdds,
  type PolicyExplanation,
  type PolicyFinding,
} from './two-factor/explain-policy.js';
export type {
  ActivationRequest,
  AdoptRequest,
  BeginRequest,
  CodeRequest,
  CompleteRequest,
  ConfirmRequest,
  DeactivateRequest,
  Fallback,
  ForgetBrowsersRequest,
} from './two-factor/flow-requests.js';
export type {
  AdoptResult,
  AppStatus,
  BeginActivationResult,
  BeginResult,
  BrowserStatus,
  CodeRefusal,
  Completed,
  CompleteResult,
  ConfirmActivationResult,
  DeactivateResult,
  OnTwoFactorEvent,
  RenewRecoveryCodesResult,
  TwoFactorAction,
  TwoFactorEvent,
  TwoFactorEventDetails,
  TwoFactorStatus,
} from './two-factor/flow-results.js';
export type { TwoFactor } from './two-factor/flow.js';
export { type NoticeOptions, renderNotice } from './two-factor/notices.js';
export type { BrowserOptions, FlowPolicyOptions, TwoFactorOptions } from './two-factor/options.js';
export { createTwoFactor } from './two-factor/two-factor.js';
