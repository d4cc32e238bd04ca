import { type Action, ConditionFailed, type Item, type Key, type Table } from '#shared/table/table.ts';
import { holds, keyOf, outcome } from './memory/evaluate.ts';
import { Faults } from './memory/faults.ts';
import { Storage } from './memory/storage.ts';
import { readUnits, type Units, writeUnits } from './memory/units.ts';
import { copyItem, itemSize, keyText, sameValue, ValidationException } from './memory/values.ts';

export { Crash, portOf } from './memory/faults.ts';

const MAX_ACTIONS = 100;
const MAX_TRANSACTION_BYTES = 4 * 1024 * 1024;

/** What the table's stream tells of one item, with both images. */
export type Change = { readonly before: Item | undefined; readonly after: Item | undefined };

/** Lets others go first: called before each request takes effect, so that a test can interleave processes. */
type Turn = () => Promise<void>;

/** One process's view of a table, with the faults that will befall it. */
export type TableClient = Table & { readonly faults: Faults };

export type MemoryTable = TableClient & {
  /** Another process at the same table, with faults of its own; dead after a crash until `faults.clear()`. */
  client(turn?: Turn): TableClient;
  /** Every item (that `wanted` holds of) by key, as copies: what `checkInvariants` wants. */
  items(wanted?: (item: Item) => boolean): Item[];
  /** The table's stream so far: one change per item that really changed, in order. */
  changes(): readonly Change[];
  /** Tells of each change from now on, in order and at once. @returns the function that stops it */
  subscribe(listener: (change: Change) => void): () => void;
  /** What was consumed since the last reset. */
  readonly units: Units;
  resetUnits(): void;
};

/**
 * A table in memory that behaves as DynamoDB does (`test/table/table-contract.ts` says so of both): conditions,
 * transactions, sparse projected indexes, pages, sizes, and request units. Reads are always up to date.
 * @param items what lies in it from the start, untold by the stream
 */
export function memoryTable(items: Iterable<Item> = []): MemoryTable {
  const storage = new Storage();
  for (const item of items) storage.replace(storage.find(item), copyItem(item));
  const changes: Change[] = [];
  const listeners = new Set<(change: Change) => void>();
  const units: Units = { reads: 0, writes: 0, calls: 0 };

  const store = (writes: readonly { before: Item | undefined; after: Item | undefined }[]) => {
    for (const { before, after } of writes) {
      storage.replace(before, after);
      if (sameValue(before, after)) continue;
      const change = { before: before && copyItem(before), after: after && copyItem(after) };
      changes.push(change);
      for (const listener of listeners) listener(change);
    }
  };

  /** Checks and stores all of `actions` or none, at once. */
  const apply = (actions: readonly Action[], transactional: boolean) => {
    const writes = actions.map((action) => {
      const before = storage.find(keyOf(action));
      return { action, before, after: holds(action, before) ? outcome(action, before) : before };
    });
    for (const { before, after } of writes) units.writes += writeUnits(before, after, transactional);
    const refused = writes.findIndex(({ action, before }) => !holds(action, before));
    if (refused >= 0) {
      const found = writes[refused]?.before;
      throw new ConditionFailed(refused, found && copyItem(found));
    }
    store(writes.filter(({ action }) => action.do !== 'check'));
  };

  const client = (turn: Turn = () => Promise.resolve()): TableClient => {
    const faults = new Faults();

    const reading = async <T>(find: () => T): Promise<T> => {
      await turn();
      return faults.reading(() => {
        units.calls++;
        return find();
      });
    };

    const writing = async (actions: readonly Action[], transactional: boolean) => {
      await turn();
      faults.writing(() => {
        units.calls++;
        apply(actions, transactional);
      });
    };

    const read = (key: Key, consistent: boolean) => {
      const item = storage.find(key);
      units.reads += readUnits(item ? itemSize(item) : 0, consistent);
      return item && copyItem(item);
    };

    return {
      faults,

      get: (key, options) => reading(() => read(key, options?.consistent ?? false)),

      async getMany(keys, options) {
        if (keys.length === 0) return [];
        return reading(() => {
          if (new Set(keys.map(keyText)).size < keys.length) {
            throw new ValidationException('Provided list of item keys contains duplicates');
          }
          return keys.flatMap((key) => read(key, options?.consistent ?? false) ?? []);
        });
      },

      query: (query) =>
        reading(() => {
          const { bytes, ...page } = storage.query(query);
          units.reads += readUnits(bytes, query.consistent ?? false);
          return page;
        }),

      async write(action) {
        await writing([action], action.do === 'check');
      },

      async transact(actions) {
        checkTransaction(actions);
        await writing(actions, true);
      },
    };
  };

  return {
    ...client(),
    client,
    items: (wanted = () => true) => storage.all().filter(wanted).map(copyItem),
    changes: () => changes,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    units,
    resetUnits: () => {
      Object.assign(units, { reads: 0, writes: 0, calls: 0 });
    },
  };
}

function checkTransaction(actions: readonly Action[]): void {
  if (actions.length === 0 || actions.length > MAX_ACTIONS) {
    throw new ValidationException(`a transaction has 1 to ${MAX_ACTIONS} actions, not ${actions.length}`);
  }
  if (new Set(actions.map((action) => keyText(keyOf(action)))).size < actions.length) {
    throw new ValidationException('Transaction request cannot include multiple operations on one item');
  }
  const bytes = actions.reduce((sum, action) => sum + (action.do === 'put' ? itemSize(action.item) : 0), 0);
  if (bytes > MAX_TRANSACTION_BYTES) throw new ValidationException('a transaction has at most 4 MB');
}
