import { describe, expect, it } from 'vitest';
import { firstRecord, onlyRow, sqlOptions } from '../../src/store/sql.js';

const failed = expect.objectContaining({ code: 'ERR_STORE_FAILED' }) as Error;

describe('the rows of an SQL client', () => {
  it('are one record or none', () => {
    expect(firstRecord([])).toBeUndefined();
    expect(firstRecord([{ value: 'v', etag: 'e', id: 'k' }])).toEqual({ value: 'v', etag: 'e' });
  });

  it.each<[string, unknown]>([
    ['no list', { rows: [] }],
    ['undefined', undefined],
    ['two rows', [{ value: 'v', etag: 'e' }, {}]],
    ['a row that is null', [null]],
    ['a row that is a number', [5]],
    ['a row that is a text', ['v']],
    ['a row without a value', [{ etag: 'e' }]],
    ['a row without an etag', [{ value: 'v' }]],
    ['a value that is a buffer', [{ value: new Uint8Array(1), etag: 'e' }]],
    ['an etag that is a number', [{ value: 'v', etag: 5 }]],
  ])('are a failure, and never an absent record, if the client returned %s', (_, rows) => {
    expect(() => firstRecord(rows)).toThrow(failed);
  });

  it('are a failure if the only one is no object', () => {
    expect(() => onlyRow([null])).toThrow(failed);
    expect(() => onlyRow([5])).toThrow(failed);
    expect(onlyRow([{ id: 'k' }])).toEqual({ id: 'k' });
  });
});

describe('the options of an SQL store', () => {
  it('have a clock that is a function, and a table that needs no quotes', () => {
    expect(() => sqlOptions({ now: 5 as never })).toThrow('options.now must be a function');
    expect(() => sqlOptions({ table: 'a b' })).toThrow('table must be 1 to 40 characters');
    expect({ ...sqlOptions({ table: 't' }) }).toEqual({ table: 't', now: expect.any(Function) as unknown });
  });
});
