import { beforeAll, describe, expect, it } from 'vitest';
import { type Action, type Item, type Query, type Table, TransactionConflict } from '#shared/table/table.ts';

const key = (PK: string, SK = 'HEAD') => ({ PK, SK });
const put = (
  PK: string,
  rest: Record<string, unknown> = {},
  SK = 'HEAD',
): Extract<Action, { do: 'put' }> => ({
  do: 'put',
  item: { PK, SK, ...rest },
});
const invalid = { name: 'ValidationException' };

/** Every item of `query`, page by page. */
async function everything(table: Table, query: Query): Promise<{ items: Item[]; pages: number }> {
  const items: Item[] = [];
  for (let pages = 1, after: Query['after']; ; pages++) {
    const page = await table.query({ ...query, ...(after && { after }) });
    items.push(...page.items);
    if (!page.next) return { items, pages };
    after = page.next;
  }
}

/** What stores rely on, of any table. Each test works in partitions of its own. */
export function tableContract(makeTable: () => Promise<Table>): void {
  let table: Table;
  beforeAll(async () => {
    table = await makeTable();
  });

  describe('reads and single writes', () => {
    it('finds what was put, and nothing under another key', async () => {
      await table.write(
        put('r1', { name: 'Widget', price: 1250, tags: ['a', 'b'], size: { width: 3, depth: null } }),
      );
      expect(await table.get(key('r1'), { consistent: true })).toEqual({
        PK: 'r1',
        SK: 'HEAD',
        name: 'Widget',
        price: 1250,
        tags: ['a', 'b'],
        size: { width: 3, depth: null },
      });
      expect(await table.get(key('r1', 'TAIL'))).toBeUndefined();
    });

    it('leaves undefined out, on every level', async () => {
      await table.write(
        put('r2', { gone: undefined, inner: { gone: undefined, kept: 1 }, list: [1, undefined, 2] }),
      );
      expect(await table.get(key('r2'), { consistent: true })).toEqual({
        PK: 'r2',
        SK: 'HEAD',
        inner: { kept: 1 },
        list: [1, 2],
      });
    });

    it('keeps its own copy of what was put and of what it hands out', async () => {
      const list = [1];
      await table.write(put('r3', { list }));
      list.push(2);
      const first = await table.get(key('r3'), { consistent: true });
      Object.assign(first ?? {}, { list: 'spoilt' });
      expect(await table.get(key('r3'), { consistent: true })).toMatchObject({ list: [1] });
    });

    it('replaces a whole item with a put', async () => {
      await table.write(put('r4', { old: 1 }));
      await table.write(put('r4', { fresh: 2 }));
      expect(await table.get(key('r4'), { consistent: true })).toEqual({ PK: 'r4', SK: 'HEAD', fresh: 2 });
    });

    it('deletes, also what is not there', async () => {
      await table.write(put('r5'));
      await table.write({ do: 'delete', key: key('r5') });
      await table.write({ do: 'delete', key: key('r5') });
      expect(await table.get(key('r5'), { consistent: true })).toBeUndefined();
    });

    it('takes an item of 390 KB and refuses one of 401 KB', async () => {
      await table.write(put('r6', { text: 'x'.repeat(390 * 1024) }));
      await expect(table.write(put('r6', { text: 'x'.repeat(401 * 1024) }))).rejects.toMatchObject(invalid);
    });

    it('refuses an empty key', async () => {
      await expect(table.write(put('r7', {}, ''))).rejects.toMatchObject(invalid);
      await expect(table.write(put('r7', { OPK: '', OSK: 'a' }))).rejects.toMatchObject(invalid);
    });

    it('finds 250 keys at once and leaves missing ones out', async () => {
      const wanted = Array.from({ length: 250 }, (_, n) => key('r8', `LINE#${String(n).padStart(3, '0')}`));
      for (let start = 0; start < 240; start += 80) {
        await table.transact(
          wanted.slice(start, start + 80).map(({ PK, SK }, n) => put(PK, { n: start + n }, SK)),
        );
      }
      const found = await table.getMany(wanted, { consistent: true });
      expect(found.map((item) => item['n']).sort((a, b) => Number(a) - Number(b))).toEqual(
        Array.from({ length: 240 }, (_, n) => n),
      );
      expect(await table.getMany([])).toEqual([]);
    });

    it('refuses the same key twice in one getMany', async () => {
      await expect(table.getMany([key('r9'), key('r9')])).rejects.toMatchObject(invalid);
    });
  });

  describe('updates', () => {
    it('sets, adds and removes in one write', async () => {
      await table.write(put('u1', { name: 'old', count: 5, note: 'x' }));
      await table.write({
        do: 'update',
        key: key('u1'),
        set: { name: 'new' },
        add: { count: -2 },
        remove: ['note'],
      });
      expect(await table.get(key('u1'), { consistent: true })).toEqual({
        PK: 'u1',
        SK: 'HEAD',
        name: 'new',
        count: 3,
      });
    });

    it('adds from nothing, and makes the item', async () => {
      await table.write({ do: 'update', key: key('u2'), add: { count: 7 } });
      await table.write({ do: 'update', key: key('u2'), add: { count: 1, other: -4 } });
      expect(await table.get(key('u2'), { consistent: true })).toEqual({
        PK: 'u2',
        SK: 'HEAD',
        count: 8,
        other: -4,
      });
    });

    it('leaves undefined in set alone', async () => {
      await table.write(put('u3', { kept: 1 }));
      await table.write({ do: 'update', key: key('u3'), set: { kept: undefined, fresh: 2 } });
      expect(await table.get(key('u3'), { consistent: true })).toMatchObject({ kept: 1, fresh: 2 });
    });

    it('removes what is not there without complaint', async () => {
      await table.write(put('u4', { kept: 1 }));
      await table.write({ do: 'update', key: key('u4'), remove: ['never'] });
      expect(await table.get(key('u4'), { consistent: true })).toEqual({ PK: 'u4', SK: 'HEAD', kept: 1 });
    });

    it('refuses to add to a text, to touch an attribute twice, and to change a key', async () => {
      await table.write(put('u5', { name: 'text' }));
      const update = { do: 'update', key: key('u5') } as const;
      await expect(table.write({ ...update, add: { name: 1 } })).rejects.toMatchObject(invalid);
      await expect(table.write({ ...update, set: { n: 1 }, remove: ['n'] })).rejects.toMatchObject(invalid);
      await expect(table.write({ ...update, set: { SK: 'TAIL' } })).rejects.toMatchObject(invalid);
    });
  });

  describe('conditions', () => {
    const stored = { status: 'open', balance: 500 };
    const cases = [
      { attribute: 'status', is: 'present', holds: true, onMissing: false },
      { attribute: 'status', is: 'absent', holds: false, onMissing: true },
      { attribute: 'note', is: 'absent', holds: true, onMissing: true },
      { attribute: 'note', is: 'present', holds: false, onMissing: false },
      { attribute: 'status', is: 'equal', value: 'open', holds: true, onMissing: false },
      { attribute: 'status', is: 'equal', value: 'paid', holds: false, onMissing: false },
      { attribute: 'balance', is: 'equal', value: '500', holds: false, onMissing: false },
      { attribute: 'note', is: 'equal', value: 'x', holds: false, onMissing: false },
      { attribute: 'balance', is: 'atLeast', value: 500, holds: true, onMissing: false },
      { attribute: 'balance', is: 'atLeast', value: 501, holds: false, onMissing: false },
      { attribute: 'balance', is: 'atMost', value: 500, holds: true, onMissing: false },
      { attribute: 'balance', is: 'atMost', value: 499, holds: false, onMissing: false },
      { attribute: 'balance', is: 'atLeast', value: '1', holds: false, onMissing: false },
      { attribute: 'note', is: 'atMost', value: 9, holds: false, onMissing: false },
      { attribute: 'status', is: 'atLeast', value: 'omega', holds: true, onMissing: false },
    ] as const;

    it.each(cases)('$attribute $is $value: $holds where stored, $onMissing where missing', async (row) => {
      const { holds, onMissing, ...condition } = row;
      const id = `c1 ${JSON.stringify(condition)}`;
      const attempt = (PK: string): Action => ({
        do: 'update',
        key: key(PK),
        set: { seen: true },
        when: [condition],
      });
      await table.write(put(id, stored));
      const onStored = table.write(attempt(id));
      await (holds
        ? expect(onStored).resolves.toBeUndefined()
        : expect(onStored).rejects.toMatchObject({ index: 0, found: { PK: id, SK: 'HEAD', ...stored } }));
      const nowhere = table.write(attempt(`${id} missing`));
      await (onMissing
        ? expect(nowhere).resolves.toBeUndefined()
        : expect(nowhere).rejects.toMatchObject({ name: 'ConditionFailed', index: 0, found: undefined }));
    });

    it('joins several by AND', async () => {
      await table.write(put('c2', stored));
      const open = { attribute: 'status', is: 'equal', value: 'open' } as const;
      const large = { attribute: 'balance', is: 'atLeast', value: 501 } as const;
      await expect(table.write({ ...put('c2'), when: [open, large] })).rejects.toMatchObject({ index: 0 });
      await table.write({ ...put('c2', { done: true }), when: [open] });
      expect(await table.get(key('c2'), { consistent: true })).toEqual({ PK: 'c2', SK: 'HEAD', done: true });
    });

    it('guards puts, deletes and checks alike', async () => {
      const absent = [{ attribute: 'PK', is: 'absent' }] as const;
      await table.write({ ...put('c3', { n: 1 }), when: absent });
      const found = { name: 'ConditionFailed', index: 0, found: { PK: 'c3', SK: 'HEAD', n: 1 } };
      await expect(table.write({ ...put('c3', { n: 2 }), when: absent })).rejects.toMatchObject(found);
      await expect(table.write({ do: 'delete', key: key('c3'), when: absent })).rejects.toMatchObject(found);
      await expect(table.write({ do: 'check', key: key('c3'), when: absent })).rejects.toMatchObject(found);
      await table.write({ do: 'check', key: key('c3'), when: [{ attribute: 'n', is: 'equal', value: 1 }] });
      expect(await table.get(key('c3'), { consistent: true })).toMatchObject({ n: 1 });
    });

    it('refuses a check without a condition', async () => {
      await expect(table.transact([{ do: 'check', key: key('c4') }])).rejects.toThrow(
        'a check needs a condition',
      );
    });
  });

  describe('transactions', () => {
    const absent = [{ attribute: 'PK', is: 'absent' }] as const;

    it('writes all of its actions', async () => {
      await table.write(put('t1', {}, 'GONE'));
      await table.transact([
        put('t1', { n: 1 }, 'A'),
        { do: 'update', key: key('t1', 'B'), add: { n: 2 } },
        { do: 'delete', key: key('t1', 'GONE') },
        { do: 'check', key: key('t1', 'NEVER'), when: absent },
      ]);
      expect((await table.query({ partition: 't1', consistent: true })).items).toEqual([
        { PK: 't1', SK: 'A', n: 1 },
        { PK: 't1', SK: 'B', n: 2 },
      ]);
    });

    it('writes nothing when one condition fails, and says which and what was found', async () => {
      await table.write(put('t2', { n: 1 }, 'TAKEN'));
      await expect(
        table.transact([put('t2', {}, 'A'), { ...put('t2', {}, 'TAKEN'), when: absent }, put('t2', {}, 'C')]),
      ).rejects.toMatchObject({ name: 'ConditionFailed', index: 1, found: { PK: 't2', SK: 'TAKEN', n: 1 } });
      expect((await table.query({ partition: 't2', consistent: true })).items).toHaveLength(1);
    });

    it('names the first of several failed conditions', async () => {
      const present = [{ attribute: 'PK', is: 'present' }] as const;
      await expect(
        table.transact([
          put('t3'),
          { do: 'check', key: key('t3', 'X'), when: present },
          { ...put('t3', {}, 'Y'), when: present },
        ]),
      ).rejects.toMatchObject({ index: 1, found: undefined });
    });

    it('refuses two actions on one item', async () => {
      const check: Action = { do: 'check', key: key('t4'), when: absent };
      await expect(table.transact([put('t4'), put('t4', { n: 2 })])).rejects.toMatchObject(invalid);
      await expect(table.transact([check, put('t4')])).rejects.toMatchObject(invalid);
      expect(await table.get(key('t4'), { consistent: true })).toBeUndefined();
    });

    it('takes 100 actions and refuses 101', async () => {
      const actions = Array.from({ length: 101 }, (_, n) => put('t5', {}, `LINE#${n}`));
      await expect(table.transact(actions)).rejects.toMatchObject(invalid);
      await table.transact(actions.slice(0, 100));
      expect((await table.query({ partition: 't5', consistent: true })).items).toHaveLength(100);
      await expect(table.transact([])).rejects.toMatchObject(invalid);
    });

    it('refuses more than 4 MB', async () => {
      const large = Array.from({ length: 12 }, (_, n) =>
        put('t6', { text: 'x'.repeat(360 * 1024) }, `PART#${n}`),
      );
      await expect(table.transact(large)).rejects.toMatchObject(invalid);
      expect((await table.query({ partition: 't6', consistent: true })).items).toEqual([]);
    });

    it('lets one of many claims of the same last unit through', async () => {
      await table.write(put('t7', { available: 1 }));
      const claim = async (n: number) => {
        for (;;) {
          try {
            return await table.transact([
              {
                do: 'update',
                key: key('t7'),
                add: { available: -1 },
                when: [{ attribute: 'available', is: 'atLeast', value: 1 }],
              },
              put('t7', {}, `CLAIM#${n}`),
            ]);
          } catch (error) {
            if (!(error instanceof TransactionConflict)) throw error;
          }
        }
      };
      const outcomes = await Promise.allSettled(Array.from({ length: 10 }, (_, n) => claim(n)));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await table.get(key('t7'), { consistent: true })).toMatchObject({ available: 0 });
    });

    it('counts every one of many concurrent adds', async () => {
      await Promise.all(
        Array.from({ length: 20 }, () => table.write({ do: 'update', key: key('t8'), add: { count: 1 } })),
      );
      expect(await table.get(key('t8'), { consistent: true })).toMatchObject({ count: 20 });
    });
  });

  describe('queries', () => {
    const sortKeys = async (query: Query) => (await everything(table, query)).items.map(({ SK }) => SK);

    beforeAll(async () => {
      await table.transact(['B#2', 'A', 'B#10', 'C', 'B#1'].map((SK) => put('q1', { n: 1 }, SK)));
    });

    it('reads a partition in the order of its sort keys, or newest first', async () => {
      expect(await sortKeys({ partition: 'q1' })).toEqual(['A', 'B#1', 'B#10', 'B#2', 'C']);
      expect(await sortKeys({ partition: 'q1', newestFirst: true })).toEqual([
        'C',
        'B#2',
        'B#10',
        'B#1',
        'A',
      ]);
      expect(await sortKeys({ partition: 'q1', consistent: true })).toHaveLength(5);
      expect(await sortKeys({ partition: 'nobody' })).toEqual([]);
    });

    it('keeps to a prefix or to bounds, both inclusive', async () => {
      expect(await sortKeys({ partition: 'q1', prefix: 'B#' })).toEqual(['B#1', 'B#10', 'B#2']);
      expect(await sortKeys({ partition: 'q1', from: 'B#10' })).toEqual(['B#10', 'B#2', 'C']);
      expect(await sortKeys({ partition: 'q1', to: 'B#10' })).toEqual(['A', 'B#1', 'B#10']);
      expect(await sortKeys({ partition: 'q1', from: 'B#1', to: 'B#2' })).toEqual(['B#1', 'B#10', 'B#2']);
    });

    it('refuses bounds upside down', async () => {
      await expect(table.query({ partition: 'q1', from: 'C', to: 'A' })).rejects.toMatchObject(invalid);
    });

    it.each([1, 2, 5, 6])('goes through all pages of at most %i', async (limit) => {
      expect(await sortKeys({ partition: 'q1', limit })).toEqual(['A', 'B#1', 'B#10', 'B#2', 'C']);
      expect(await sortKeys({ partition: 'q1', limit, newestFirst: true })).toEqual([
        'C',
        'B#2',
        'B#10',
        'B#1',
        'A',
      ]);
      expect((await table.query({ partition: 'q1', limit })).items.length).toBe(Math.min(limit, 5));
    });

    it('ends a page at 1 MB', async () => {
      const parts = ['0', '1', '2', '3', '4', '5', '6'];
      for (const part of parts) await table.write(put('q2', { text: 'x'.repeat(300 * 1024) }, part));
      const { items, pages } = await everything(table, { partition: 'q2' });
      expect(items.map(({ SK }) => SK)).toEqual(parts);
      expect(pages).toBeGreaterThan(1);
    });

    it('sorts by UTF-8 bytes: digits, capitals, letters, accents, emoji', async () => {
      const order = ['1', 'A', 'a', 'z', 'é', '\uff5e', '😀'];
      await table.transact([...order].reverse().map((SK) => put('q3', {}, SK)));
      expect(await sortKeys({ partition: 'q3' })).toEqual(order);
    });
  });

  describe('indexes', () => {
    it('holds keys and the included attributes only', async () => {
      await table.write(
        put('i1', { OPK: 'i1 owner', OSK: '2026', sum: { gross: 12 }, due: { x: 1 }, secret: 's' }),
      );
      await table.write(put('i1', { DPK: 'i1 queue', DSK: '2026', sum: { gross: 12 }, due: { x: 1 } }, 'B'));
      await table.write(put('i1', { RPK: 'i1 number', RSK: 'inv', sum: { gross: 12 }, due: { x: 1 } }, 'C'));
      expect((await table.query({ index: 'byOwner', partition: 'i1 owner' })).items).toEqual([
        { PK: 'i1', SK: 'HEAD', OPK: 'i1 owner', OSK: '2026', sum: { gross: 12 } },
      ]);
      expect((await table.query({ index: 'byDue', partition: 'i1 queue' })).items).toEqual([
        { PK: 'i1', SK: 'B', DPK: 'i1 queue', DSK: '2026', due: { x: 1 } },
      ]);
      expect((await table.query({ index: 'byReference', partition: 'i1 number' })).items).toEqual([
        { PK: 'i1', SK: 'C', RPK: 'i1 number', RSK: 'inv' },
      ]);
    });

    it('is sparse: an item comes with both keys and leaves when one is removed, or the item', async () => {
      const entries = async () =>
        (await table.query({ index: 'byDue', partition: 'i2' })).items.map(({ SK, DSK }) => [SK, DSK]);
      await table.write(put('i2', { DPK: 'i2' }, 'A'));
      expect(await entries()).toEqual([]);
      await table.write({ do: 'update', key: key('i2', 'A'), set: { DSK: '2026-03-01' } });
      await table.write(put('i2', { DPK: 'i2', DSK: '2026-02-01' }, 'B'));
      expect(await entries()).toEqual([
        ['B', '2026-02-01'],
        ['A', '2026-03-01'],
      ]);
      await table.write({ do: 'update', key: key('i2', 'A'), set: { DSK: '2026-01-01' } });
      expect(await entries()).toEqual([
        ['A', '2026-01-01'],
        ['B', '2026-02-01'],
      ]);
      await table.write({ do: 'update', key: key('i2', 'A'), remove: ['DPK', 'DSK'] });
      await table.write({ do: 'delete', key: key('i2', 'B') });
      expect(await entries()).toEqual([]);
    });

    it('goes through pages of entries that share a sort key', async () => {
      const ids = Array.from({ length: 9 }, (_, n) => `i3 ${n}`);
      await table.transact(ids.map((PK) => put(PK, { OPK: 'i3', OSK: '2026-03-31' })));
      for (const newestFirst of [false, true]) {
        const { items } = await everything(table, {
          index: 'byOwner',
          partition: 'i3',
          limit: 2,
          newestFirst,
        });
        expect(items.map(({ PK }) => PK).sort()).toEqual(ids);
      }
    });

    it('refuses a consistent read', async () => {
      await expect(table.query({ index: 'byDue', partition: 'i4', consistent: true })).rejects.toMatchObject(
        invalid,
      );
    });
  });
}
