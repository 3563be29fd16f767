import { generateTotp, Secret } from 'countersign';
import { describe, expect, it } from 'vitest';
import { describeDrift, describeVerdict, type Device, groupsOfFour, judge } from './verdict.js';

const secret = Secret.fromBase32('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
const fresh: Device = { secret, lastTimeStep: null, drift: 0 };
const at = new Date('2026-01-01T00:00:10Z');
const codeOf = (seconds: number): string => generateTotp(secret, { at: at.getTime() + seconds * 1000 });

describe('a verdict', () => {
  it('accepts the code of now and remembers its step', () => {
    const { verdict, next } = judge(fresh, codeOf(0), at);
    expect(verdict).toEqual({ is: 'accepted', drift: 0 });
    expect(next).toEqual({ secret, lastTimeStep: Math.floor(at.getTime() / 30_000), drift: 0 });
  });

  it('tells a used code from a wrong one, and remembers nothing of either', () => {
    const { next: used } = judge(fresh, codeOf(0), at);
    expect(judge(used, codeOf(0), at)).toEqual({ verdict: { is: 'already used' }, next: used });
    expect(judge(used, codeOf(-30), at)).toEqual({ verdict: { is: 'already used' }, next: used });
    expect(judge(used, codeOf(3600), at)).toEqual({ verdict: { is: 'wrong' }, next: used });
  });

  it('follows an app whose clock moves away', () => {
    const { next: late } = judge(fresh, codeOf(-30), at);
    const later = new Date(at.getTime() + 90_000);
    expect(judge(fresh, codeOf(30), later).verdict).toEqual({ is: 'wrong' });
    expect(judge(late, codeOf(30), later).verdict).toEqual({ is: 'accepted', drift: -2 });
  });
});

describe('the wording', () => {
  it('says when the next code comes', () => {
    expect(describeVerdict({ is: 'accepted', drift: 0 }, 12)).toBe(
      '✓ accepted, on time. The next code comes in 12 s.',
    );
    expect(describeVerdict({ is: 'already used' }, 1)).toMatch(/^✗ already used: .* in 1 s\.$/);
    expect(describeVerdict({ is: 'wrong' }, 30)).toMatch(/^✗ wrong: .* in 30 s\.$/);
  });

  it.each([
    [0, 'on time'],
    [-1, 'one step late (drift -1)'],
    [1, 'one step early (drift +1)'],
    [-3, '3 steps late (drift -3)'],
    [2, '2 steps early (drift +2)'],
  ])('puts a drift of %i in words', (drift, words) => {
    expect(describeDrift(drift)).toBe(words);
  });

  it.each([
    ['ABCDEFGH', 'ABCD EFGH'],
    ['ABCDEFGHIJ', 'ABCD EFGH IJ'],
    ['ABC', 'ABC'],
  ])('groups %s by four', (text, groups) => {
    expect(groupsOfFour(text)).toBe(groups);
  });
});
