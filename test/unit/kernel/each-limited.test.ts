import { describe, expect, it } from 'vitest';
import { eachLimited } from '#shared/kernel/each-limited.ts';

describe('doing work a few at a time', () => {
  it('never does more at once than it may, and does all of it', async () => {
    let running = 0;
    let most = 0;
    const done: number[] = [];
    await eachLimited([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      running -= 1;
      done.push(item);
    });
    expect(most).toBe(3);
    expect(new Set(done)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]));
  });

  it('goes on after a failure, and tells of it in the end', async () => {
    const done: number[] = [];
    const work = async (item: number) => {
      if (item === 2) throw new Error('two');
      done.push(item);
    };
    await expect(eachLimited([1, 2, 3], 1, work)).rejects.toThrow('1 of 3 failed');
    expect(done).toEqual([1, 3]);
  });
});
