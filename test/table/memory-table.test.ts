import { describe, expect, it } from 'vitest';
import { TransactionConflict } from '#shared/table/table.ts';
import { MemoryFiles } from '../builders/memory-files.ts';
import { Crash, memoryTable, portOf } from '../builders/memory-table.ts';
import { tableContract } from './table-contract.ts';

const put = (PK: string, rest: Record<string, unknown> = {}) =>
  ({ do: 'put', item: { PK, SK: 'HEAD', ...rest } }) as const;

describe('the in-memory table keeps the contract', () => {
  tableContract(() => Promise.resolve(memoryTable()));
});

describe('what only the in-memory table can do', () => {
  // DynamoDB refuses it too; dynoxide takes it for no bound.
  it('refuses an empty prefix', async () => {
    const query = memoryTable().query({ partition: 'a', prefix: '' });
    await expect(query).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('throttles as many calls as told', async () => {
    const table = memoryTable();
    table.faults.throttle(2);
    await expect(table.get({ PK: 'a', SK: 'HEAD' })).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
    });
    await expect(table.write(put('a'))).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
    });
    await table.write(put('a'));
    expect(table.items()).toEqual([{ PK: 'a', SK: 'HEAD' }]);
  });

  it('makes writes conflict as many times as told', async () => {
    const table = memoryTable();
    table.faults.conflict(2);
    await expect(table.write(put('a'))).rejects.toThrow(TransactionConflict);
    await expect(table.transact([put('b')])).rejects.toThrow(TransactionConflict);
    await table.transact([put('b')]);
    expect(table.items().map(({ PK }) => PK)).toEqual(['b']);
  });

  it('crashes before its second write: the first is stored, the process dead', async () => {
    const table = memoryTable();
    const worker = table.client();
    worker.faults.crashBefore(2);
    await worker.write(put('a'));
    await expect(worker.write(put('b'))).rejects.toThrow(Crash);
    await expect(worker.get({ PK: 'a', SK: 'HEAD' })).rejects.toThrow(Crash);
    expect(table.items().map(({ PK }) => PK)).toEqual(['a']);
    expect(await table.get({ PK: 'a', SK: 'HEAD' })).toBeDefined();
  });

  it('crashes after its first write: stored, but the caller never hears so', async () => {
    const table = memoryTable();
    table.faults.crashAfter(1);
    await expect(table.transact([put('a'), put('b')])).rejects.toThrow(Crash);
    table.faults.clear();
    expect(table.items().map(({ PK }) => PK)).toEqual(['a', 'b']);
    expect(await table.get({ PK: 'b', SK: 'HEAD' })).toBeDefined();
  });

  it('crashes at any await: reads count, and so do calls of other ports and what they stream', async () => {
    const table = memoryTable([{ PK: 'a', SK: 'HEAD' }]);
    const stored = new MemoryFiles();
    await stored.put('x', new Uint8Array(20_000));
    const run = async (nth: number, when: 'before' | 'after') => {
      const process = table.client();
      const files = portOf(stored, process.faults, ['open', 'put']);
      process.faults.crashAtAwait(nth, when);
      await process.get({ PK: 'a', SK: 'HEAD' });
      await process.write(put('b'));
      await files.put('y', new Uint8Array(1));
      const opened = await files.open('x');
      for await (const piece of opened?.content ?? []) expect(piece.length).toBeGreaterThan(0);
      return process.faults.awaits;
    };
    // A read, a write, a put, an opening and three pieces.
    expect(await run(99, 'before')).toBe(7);
    for (let nth = 1; nth <= 7; nth++) {
      for (const when of ['before', 'after'] as const) {
        await table.write({ do: 'delete', key: { PK: 'b', SK: 'HEAD' } });
        stored.stored.delete('y');
        await expect(run(nth, when)).rejects.toThrow(Crash);
        const isThere = (effect: number) => (when === 'before' ? nth > effect : nth >= effect);
        expect([table.items().length === 2, stored.stored.has('y')]).toEqual([isThere(2), isThere(3)]);
      }
    }
  });

  it('kills whatever else the process was doing', async () => {
    const process = memoryTable().client();
    process.faults.crashAtAwait(2, 'before');
    const slow = Promise.withResolvers<void>();
    const asking = portOf({ ask: () => slow.promise }, process.faults, ['ask']).ask();
    await expect(process.get({ PK: 'a', SK: 'HEAD' })).rejects.toThrow(Crash);
    slow.resolve();
    await expect(asking).rejects.toThrow(Crash);
    expect(process.faults.isDead).toBe(true);
  });

  it('streams each change in order with both images, and nothing for a write that changes nothing', async () => {
    const table = memoryTable();
    const heard: unknown[] = [];
    const stop = table.subscribe((change) => heard.push(change));
    await table.transact([put('a', { n: 1 }), put('b')]);
    await table.write(put('a', { n: 1 }));
    await table.write({ do: 'update', key: { PK: 'a', SK: 'HEAD' }, add: { n: 1 } });
    stop();
    await table.write({ do: 'delete', key: { PK: 'b', SK: 'HEAD' } });
    const [a1, a2, b] = [
      { PK: 'a', SK: 'HEAD', n: 1 },
      { PK: 'a', SK: 'HEAD', n: 2 },
      { PK: 'b', SK: 'HEAD' },
    ];
    expect(heard).toEqual([
      { before: undefined, after: a1 },
      { before: undefined, after: b },
      { before: a1, after: a2 },
    ]);
    expect(table.changes().slice(3)).toEqual([{ before: b, after: undefined }]);
  });

  it('interleaves processes where a turn is given', async () => {
    const table = memoryTable();
    let goOn = () => {};
    const held = table.client(
      () =>
        new Promise((resolve) => {
          goOn = resolve;
        }),
    );
    const late = held.write(put('a', { n: 1 }));
    await table.write(put('a', { n: 2 }));
    goOn();
    await late;
    expect(await table.get({ PK: 'a', SK: 'HEAD' })).toMatchObject({ n: 1 });
  });
});
