import { describe, expect, it } from 'vitest';
import { TransactionConflict } from '#shared/table/table.ts';
import { Crash, memoryTable } from '../builders/memory-table.ts';
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
