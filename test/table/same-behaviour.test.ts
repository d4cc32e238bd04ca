import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Action, type Condition, ConditionFailed, type Item, type Table } from '#shared/table/table.ts';
import { type Dynoxide, startDynoxide } from '../builders/dynoxide.ts';
import { streamOf } from '../builders/dynoxide-stream.ts';
import { memoryTable } from '../builders/memory-table.ts';

const key = (PK: string) => ({ PK, SK: 'HEAD' });
const put = (PK: string, rest: Record<string, unknown> = {}): Action => ({
  do: 'put',
  item: { ...key(PK), ...rest },
});

const Capacity = z.object({ CapacityUnits: z.number() });
/** One request's bill; batches and transactions have one per table. */
const Consumed = z.union([z.array(Capacity), Capacity.transform((capacity) => [capacity])]);

let server: Dynoxide;
beforeAll(async () => {
  server = await startDynoxide();
});
afterAll(() => server.stop());

describe('the in-memory table bills what the real one bills', () => {
  const text = 'x'.repeat(2_500);
  const cases: [string, (table: Table) => Promise<unknown>][] = [
    ['a put of less than 1 KB', (table) => table.write(put('a'))],
    ['a put of 3 KB', (table) => table.write(put('b', { text }))],
    ['a small put over a large item', (table) => table.write(put('b'))],
    [
      'a put that enters an index',
      (table) => table.write(put('c', { OPK: 'o', OSK: '1', sum: { gross: 1 } })),
    ],
    ['the same put again', (table) => table.write(put('c', { OPK: 'o', OSK: '1', sum: { gross: 1 } }))],
    [
      'an update beside the index',
      (table) => table.write({ do: 'update', key: key('c'), set: { note: 'x' } }),
    ],
    [
      'an update within the index',
      (table) => table.write({ do: 'update', key: key('c'), set: { sum: { gross: 2 } } }),
    ],
    ['a move within the index', (table) => table.write({ do: 'update', key: key('c'), set: { OSK: '2' } })],
    [
      'a leave from the index',
      (table) => table.write({ do: 'update', key: key('c'), remove: ['OPK', 'OSK'] }),
    ],
    ['a delete of nothing', (table) => table.write({ do: 'delete', key: key('z') })],
    ['a transaction', (table) => table.transact([put('d', { text }), put('e')])],
    [
      'a transaction into two indexes',
      (table) => table.transact([put('f', { OPK: 'o', OSK: '3', RPK: 'r', RSK: '1' })]),
    ],
    [
      'a transaction that moves in an index',
      (table) => table.transact([put('f', { OPK: 'o', OSK: '4', RPK: 'r', RSK: '1' })]),
    ],
    [
      'a check of a large item',
      (table) =>
        table.transact([
          { do: 'check', key: key('d'), when: [{ attribute: 'PK', is: 'present' }] },
          put('a'),
        ]),
    ],
    ['a get of nothing', (table) => table.get(key('z'))],
    ['a get', (table) => table.get(key('d'))],
    ['a consistent get', (table) => table.get(key('d'), { consistent: true })],
    ['a get of many', (table) => table.getMany([key('a'), key('d'), key('z')])],
    ['a query', (table) => table.query({ partition: 'd' })],
    ['a consistent query', (table) => table.query({ partition: 'd', consistent: true })],
    ['a query of an index', (table) => table.query({ index: 'byOwner', partition: 'o' })],
    ['a query that finds nothing', (table) => table.query({ partition: 'z' })],
  ];

  it('for every kind of request', async () => {
    const real = await server.newTable();
    const memory = memoryTable();
    const bill = billed(server);
    try {
      for (const [request, run] of cases) {
        memory.resetUnits();
        await run(real);
        await run(memory);
        expect({ request, units: memory.units.reads + memory.units.writes }).toEqual({
          request,
          units: bill.take(),
        });
      }
    } finally {
      bill.stop();
    }
  });
});

describe('the in-memory table does what the real one does', () => {
  const id = fc.constantFrom('a', 'b', 'c');
  const number = fc.integer({ min: -2, max: 3 });
  const condition: fc.Arbitrary<Condition> = fc.oneof(
    fc.record({ attribute: fc.constantFrom('PK', 'n', 'DPK'), is: fc.constantFrom('absent', 'present') }),
    fc.record({
      attribute: fc.constantFrom('n', 'm'),
      is: fc.constantFrom('equal', 'atLeast', 'atMost'),
      value: number,
    }),
  );
  const when = fc.array(condition, { maxLength: 2 });
  const queue = fc.record({
    DPK: fc.constant('queue'),
    DSK: fc.constantFrom('1', '2'),
    due: fc.record({ n: number }),
  });
  const action: fc.Arbitrary<Action> = fc.oneof(
    fc
      .record({ id, rest: fc.oneof(fc.record({ n: number }), queue), when })
      .map((made): Action => ({ ...put(made.id, made.rest), when: made.when })),
    fc
      .record({ id, when, set: fc.oneof(fc.record({ m: number }), queue), remove: fc.subarray(['x', 'y']) })
      .map(
        (made): Action => ({
          do: 'update',
          key: key(made.id),
          set: made.set,
          remove: made.remove,
          when: made.when,
        }),
      ),
    fc.record({ id, when, by: number, remove: fc.subarray(['DPK', 'DSK', 'due']) }).map(
      (made): Action => ({
        do: 'update',
        key: key(made.id),
        add: { n: made.by },
        remove: made.remove,
        when: made.when,
      }),
    ),
    fc.record({ id, when }).map((made): Action => ({ do: 'delete', key: key(made.id), when: made.when })),
    fc
      .record({ id, condition })
      .map((made): Action => ({ do: 'check', key: key(made.id), when: [made.condition] })),
  );
  const step = fc.array(action, { minLength: 1, maxLength: 3 });

  const outcomeOf = async (table: Table, actions: readonly Action[]) => {
    const [first] = actions;
    try {
      await (actions.length === 1 && first ? table.write(first) : table.transact(actions));
      return 'written';
    } catch (error) {
      if (error instanceof ConditionFailed) return { index: error.index, found: error.found };
      if (error instanceof Error) return error.name;
      throw error;
    }
  };

  const stateOf = async (table: Table) => ({
    items: await Promise.all(['a', 'b', 'c'].map((PK) => table.get(key(PK), { consistent: true }))),
    queued: new Set(
      (await table.query({ index: 'byDue', partition: 'queue' })).items.map((item) =>
        JSON.stringify(sorted(item)),
      ),
    ),
  });

  it('over any sequence of writes, and streams the same changes in the same order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 15 }), async (steps) => {
        const real = await server.newTable();
        const memory = memoryTable();
        for (const actions of steps) {
          expect(await outcomeOf(memory, actions)).toEqual(await outcomeOf(real, actions));
        }
        expect(await stateOf(memory)).toEqual(await stateOf(real));
        const told = await streamOf(server, real.name);
        // dynoxide streams some writes that change nothing, DynamoDB none.
        const changes = told.filter(({ before, after }) => !isDeepStrictEqual(before, after));
        expect(memory.changes()).toEqual(changes.map(({ before, after }) => ({ before, after })));
      }),
      { numRuns: 60 },
    );
  });
});

/** Sums what the server bills for each request of its client until it is stopped. */
function billed({ client }: Dynoxide): { take(): number; stop(): void } {
  let units = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const result = await next(args);
      if ('ConsumedCapacity' in result.output) {
        for (const { CapacityUnits } of Consumed.parse(result.output.ConsumedCapacity))
          units += CapacityUnits;
      }
      return result;
    },
    { step: 'initialize', name: 'bill' },
  );
  return {
    take() {
      const taken = units;
      units = 0;
      return taken;
    },
    stop() {
      client.middlewareStack.remove('bill');
    },
  };
}

function sorted(item: Item): [string, unknown][] {
  return Object.entries(item).sort(([left], [right]) => (left < right ? -1 : 1));
}
