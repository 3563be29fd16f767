import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TicketClaims, type Tickets, ticketsOf } from '../../src/email-token/challenge.js';
import { type Keys, readKeys, retired } from '../../src/internal/keys.js';
import { anyText } from '../support/tokens/any-text.js';
import { key, otherKey, START } from '../support/tokens/harness.js';
import { nameOf, noCodes } from '../support/wrong-values.js';

const about = { subject: 'customer-12345', purpose: 'login' };
const real: TicketClaims = { ...about, isNull: false };
const beside: TicketClaims = { ...about, isNull: true };
const tickets = (keys: Keys = [key], kind: Parameters<typeof ticketsOf>[1] = 'challenge'): Tickets =>
  ticketsOf(readKeys(keys), kind);

describe('a ticket', () => {
  it('is read back with its instant, and with the record that it leads to', () => {
    const instants = fc.integer({ min: 1e11, max: 2 ** 48 - 1 });
    fc.assert(
      fc.property(anyText(), fc.string(), fc.boolean(), instants, (subject, purpose, isNull, at) => {
        const { issue, read } = tickets();
        expect(read(issue({ subject, purpose, isNull }, at), { subject, purpose })).toEqual({ isNull, at });
      }),
    );
  });

  it('has 51 characters, and so at most the 200 that the design allows', () => {
    const long = { subject: 's'.repeat(512), purpose: 'p'.repeat(512), isNull: true };
    for (const claims of [real, beside, long])
      expect(tickets().issue(claims, 2 ** 48 - 1)).toMatch(/^[\w-]{51}$/);
  });

  it('shows its instant and nothing else: the rest of a real one and of one for a null address looks random', () => {
    const { issue } = tickets();
    const bytesOf = (claims: TicketClaims): Buffer => Buffer.from(issue(claims, START), 'base64url');
    const [first, second, third] = [bytesOf(real), bytesOf(real), bytesOf(beside)];
    for (const bytes of [first, second, third]) expect(bytes.readUIntBE(0, 6)).toBe(START);
    const rests = [first, second, third].map((bytes) => bytes.subarray(6));
    for (const [index, rest] of rests.entries()) {
      const others = rests.filter((_, other) => other !== index);
      for (const other of others)
        expect(rest.filter((byte, place) => byte === other[place]).length).toBeLessThan(8);
    }
  });

  it('is never the same twice', () => {
    const { issue } = tickets();
    expect(new Set(Array.from({ length: 1000 }, () => issue(real, START))).size).toBe(1000);
  });
});

describe('a ticket is no ticket', () => {
  const ticket = tickets().issue(real, START);

  it('after a change of any character, its last one included', () => {
    const { read } = tickets();
    for (const [index, character] of Array.from(ticket).entries()) {
      for (const other of ['A', 'B', 'Q', 'w', '-', '_', '9'].filter((each) => each !== character))
        expect(read(ticket.slice(0, index) + other + ticket.slice(index + 1), about)).toBeNull();
    }
  });

  it('in another spelling of its last character, of which two bits mean nothing', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const spellings = Array.from(alphabet, (last) => ticket.slice(0, -1) + last);
    expect(spellings.filter((spelling) => tickets().read(spelling, about) !== null)).toEqual([ticket]);
  });

  it('cut short, lengthened, padded or wrapped', () => {
    const { read } = tickets();
    const others = [
      ticket.slice(0, -1),
      ticket.slice(1),
      `${ticket}A`,
      `${ticket}=`,
      ` ${ticket}`,
      `${ticket}\n`,
    ];
    for (const other of [...others, '', [ticket], Object(ticket), { toString: () => ticket }])
      expect(read(other, about)).toBeNull();
    expect(read(ticket, about)).toEqual({ isNull: false, at: START });
  });

  it.each([
    ['another subject', { ...about, subject: 'customer-12346' }],
    ['another spelling of the subject', { ...about, subject: 'Customer-12345' }],
    ['another purpose', { ...about, purpose: 'delete-account' }],
    ['a border moved between the two', { subject: 'customer-12345l', purpose: 'ogin' }],
  ])('for %s', (_, other) => {
    expect(tickets().read(ticket, other)).toBeNull();
  });

  it('of another kind', () => {
    expect(tickets([key], 'proof').read(ticket, about)).toBeNull();
  });

  it('with an instant or a null address of the bearer’s choice', () => {
    const { read } = tickets();
    const bytes = Buffer.from(ticket, 'base64url');
    bytes.writeUIntBE(START + 1, 0, 6);
    expect(read(bytes.toString('base64url'), about)).toBeNull();
  });

  it.each(noCodes.map((value): [string, unknown] => [nameOf(value), value]))('if it is %s', (_, value) => {
    expect(tickets().read(value, about)).toBeNull();
  });

  it('if anybody made it up', () => {
    const texts = fc.oneof(fc.anything(), fc.stringMatching(/^[\w-]{51}$/));
    fc.assert(
      fc.property(texts, (text) => {
        expect(tickets().read(text, about)).toBeNull();
      }),
    );
  });
});

describe('when keys are rotated, a ticket', () => {
  it('is good under every active key, whatever their order, and the first one makes it', () => {
    const [old, both, reversed] = [tickets([key]), tickets([otherKey, key]), tickets([key, otherKey])];
    const made = both.issue(real, START);
    expect(tickets([otherKey]).read(made, about)).toEqual({ isNull: false, at: START });
    expect(old.read(made, about)).toBeNull();
    for (const { read } of [both, reversed]) {
      expect(read(old.issue(beside, START), about)).toEqual({ isNull: true, at: START });
      expect(read(made, about)).toEqual({ isNull: false, at: START });
    }
  });

  it('of a key that is gone or retired is none', () => {
    const made = tickets([key]).issue(real, START);
    expect(tickets([otherKey]).read(made, about)).toBeNull();
    expect(tickets([otherKey, retired(key)]).read(made, about)).toBeNull();
  });
});
