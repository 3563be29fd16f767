import { describe, expect, it } from 'vitest';
import { joinReads } from '../../src/store/joined-reads.js';
import type { Reader } from '../../src/store/joined-reads.js';

const refusal = new Error('not several');

/** A server that answers each key with itself, and remembers what it was asked. */
function recordingReader(all: 'answers' | 'is missing' | Error): { reader: Reader; asked: string[][] } {
  const asked: string[][] = [];
  const together = (keys: string[]): Promise<string[]> => {
    asked.push([...keys]);
    return all instanceof Error ? Promise.reject(all) : Promise.resolve(keys.map((key) => `${key}!`));
  };
  const reader = {
    one: (key: string) => {
      asked.push([key]);
      return Promise.resolve(`${key}!`);
    },
    all: all === 'is missing' ? undefined : together,
    isRefusal: (error: unknown) => error === refusal,
  };
  return { reader, asked };
}

describe('joinReads', () => {
  it('asks once for what is read in one turn, and gives each reader his own', async () => {
    const { reader, asked } = recordingReader('answers');
    const read = joinReads(reader);
    expect(await Promise.all(['a', 'b', 'a'].map(read))).toEqual(['a!', 'b!', 'a!']);
    expect(asked).toEqual([['a', 'b', 'a']]);
  });

  it('lets a read that is alone go alone', async () => {
    const { reader, asked } = recordingReader(new Error('never asked'));
    const read = joinReads(reader);
    expect([await read('a'), await read('b')]).toEqual(['a!', 'b!']);
    expect(asked).toEqual([['a'], ['b']]);
  });

  it('never joins a read to one that has left, and so never answers from before the call', async () => {
    const { reader, asked } = recordingReader('answers');
    const read = joinReads(reader);
    const early = ['a', 'b'].map(read);
    while (asked.length === 0) await Promise.resolve();
    await Promise.all([...early, ...['a', 'b'].map(read)]);
    expect(asked).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  it('begins another command after a hundred keys', async () => {
    const { reader, asked } = recordingReader('answers');
    const keys = Array.from({ length: 250 }, (_, i) => String(i));
    expect(await Promise.all(keys.map(joinReads(reader)))).toEqual(keys.map((key) => `${key}!`));
    expect(asked.map(({ length }) => length)).toEqual([100, 100, 50]);
  });

  it('rejects all joined reads when the server failed, and joins the next ones', async () => {
    const failed = new Error('connection lost');
    const { reader, asked } = recordingReader(failed);
    const read = joinReads(reader);
    for (let turn = 0; turn < 2; turn++) {
      const results = await Promise.allSettled(['a', 'b'].map(read));
      expect(results).toEqual([1, 2].map(() => ({ status: 'rejected', reason: failed })));
    }
    expect(asked).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  it('reads one by one when the server refuses, and from then on', async () => {
    const { reader, asked } = recordingReader(refusal);
    const read = joinReads(reader);
    expect(await Promise.all(['a', 'b'].map(read))).toEqual(['a!', 'b!']);
    expect(await Promise.all(['c', 'd'].map(read))).toEqual(['c!', 'd!']);
    expect(asked).toEqual([['a', 'b'], ['a'], ['b'], ['c'], ['d']]);
  });

  it('joins nothing where several keys cannot be read at once', async () => {
    const { reader, asked } = recordingReader('is missing');
    expect(await Promise.all(['a', 'b'].map(joinReads(reader)))).toEqual(['a!', 'b!']);
    expect(asked).toEqual([['a'], ['b']]);
  });
});
