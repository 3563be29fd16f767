import { assertOptions, assertString } from '../internal/asserts.js';
import { hasControl } from '../internal/characters.js';
import { CountersignError } from '../internal/errors.js';
import type { IssueRequest } from './contract.js';

/** Asserts subject and purpose of a request, and that it holds nothing but what is `known`. */
export function assertTarget(request: unknown, known: readonly string[] = targetNames): void {
  assertOptions('request', request, known);
  const { subject, purpose } = request as Record<string, unknown>;
  assertName('subject', subject);
  assertName('purpose', purpose);
}

/** Asserts a wish for a token. */
export function assertIssueRequest(request: IssueRequest): void {
  assertTarget(request, issueNames);
  const { to, locale } = request as { to: unknown; locale: unknown };
  if (to !== null) assertAddress('to', to);
  if (locale !== undefined) assertString('locale', locale);
}

/** Asserts subject and purpose of a guess; challenge and code may be anything. */
export function assertRedeemRequest(request: unknown): void {
  assertTarget(request, redeemNames);
}

/** Asserts what names a customer or a purpose. */
export function assertName(name: string, value: unknown): asserts value is string {
  assertString(name, value);
  if (value === '' || value.length > MAX_NAME) {
    throw new CountersignError('ERR_OUT_OF_RANGE', `${name} must have from 1 to ${MAX_NAME} characters`);
  }
}

/**
 * One address and no more: mail programs read `a@x,b@y` as two recipients and `<b@y>a@x` as another one than it
 * looks, and a line feed begins a new header.
 */
export function assertAddress(name: string, value: unknown): void {
  assertString(name, value);
  if (!value.includes('@') || value.length > MAX_ADDRESS || /[\s,;<>]/.test(value) || hasControl(value)) {
    throw new CountersignError('ERR_INVALID_ARGUMENT', `${name} must be an e-mail address, or null`);
  }
}

const targetNames = ['subject', 'purpose'];
const issueNames = ['subject', 'purpose', 'to', 'locale'];
const redeemNames = ['subject', 'purpose', 'challenge', 'code'];
const MAX_NAME = 512;
/** RFC 5321 section 4.5.3.1: 64 octets, an at sign, 255 octets. */
const MAX_ADDRESS = 320;
