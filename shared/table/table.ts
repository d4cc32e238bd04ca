import type { IndexName } from './names.ts';

export type Key = { readonly PK: string; readonly SK: string };
export type Item = Key & { readonly [attribute: string]: unknown };

/** What must hold of the stored item. Several are joined by AND. Where the item is missing, only `absent` holds. */
export type Condition =
  | { readonly attribute: string; readonly is: 'absent' | 'present' }
  | {
      readonly attribute: string;
      readonly is: 'equal' | 'atLeast' | 'atMost';
      readonly value: string | number | boolean;
    };

/** Makes the error a failed condition means, from what was found (undefined: no such item). */
export type Refusal = (found: Item | undefined) => Error;

type Conditional = { readonly when?: readonly Condition[]; readonly refusal?: Refusal };

/** One write. In an update, `add` starts from 0 where the attribute is missing. */
export type Action = Conditional &
  (
    | { readonly do: 'put'; readonly item: Item }
    | {
        readonly do: 'update';
        readonly key: Key;
        readonly set?: Readonly<Record<string, unknown>>;
        readonly add?: Readonly<Record<string, number>>;
        readonly remove?: readonly string[];
      }
    | { readonly do: 'delete'; readonly key: Key }
    | { readonly do: 'check'; readonly key: Key }
  );

export type Query = {
  /** The table itself when left out. */
  readonly index?: IndexName;
  readonly partition: string;
  /** Bounds of the sort key: a prefix, or from/to (both inclusive, either may be left out). */
  readonly prefix?: string;
  readonly from?: string;
  readonly to?: string;
  readonly newestFirst?: boolean;
  /** Items at most; 1 MB is the page's own bound. */
  readonly limit?: number;
  /** Where the last page ended. */
  readonly after?: Readonly<Record<string, unknown>>;
  /** Read your own writes. Not possible on an index. */
  readonly consistent?: boolean;
};

export type Page = { readonly items: Item[]; readonly next?: Readonly<Record<string, unknown>> };

/** Actions of one transaction (DynamoDB, TransactWriteItems). */
export const MAX_ACTIONS = 100;

/** The one table, as small as the stores need it. DynamoDB and the tests' in-memory table pass one contract. */
export interface Table {
  get(key: Key, options?: { readonly consistent?: boolean }): Promise<Item | undefined>;
  /** Any number of keys, in batches side by side. Items that are missing are left out; order is not kept. */
  getMany(keys: readonly Key[], options?: { readonly consistent?: boolean }): Promise<Item[]>;
  query(query: Query): Promise<Page>;
  /** One write on its own, half the price of a transaction. @throws ConditionFailed, TransactionConflict */
  write(action: Action): Promise<void>;
  /** All or nothing, at most {@link MAX_ACTIONS}. @throws ConditionFailed, TransactionConflict */
  transact(actions: readonly Action[]): Promise<void>;
}

/** A condition of `actions[index]` did not hold. */
export class ConditionFailed extends Error {
  readonly index: number;
  readonly found: Item | undefined;

  constructor(index: number, found: Item | undefined) {
    super(`the condition of action ${index} does not hold`);
    this.name = 'ConditionFailed';
    this.index = index;
    this.found = found;
  }
}

/** Another transaction had one of the items in hand. Nothing was written; trying again may succeed. */
export class TransactionConflict extends Error {
  constructor() {
    super('another transaction held one of the items');
    this.name = 'TransactionConflict';
  }
}
