/** Names the table is deployed with. The stacks and the store code both read them here. */
export const tableNames = {
  partitionKey: 'PK',
  sortKey: 'SK',
  timeToLive: 'ttl',
  /** Every fact's sort key begins so; the stream's filter looks for it. */
  factPrefix: 'FACT#',
  indexes: {
    /** What belongs to a customer or a day, newest last. `sum` is an immutable summary for lists. */
    byOwner: { partitionKey: 'OPK', sortKey: 'OSK', include: ['sum'] },
    /** Work queues: sorted by the moment action is due. `due` holds what the queue's reader needs. */
    byDue: { partitionKey: 'DPK', sortKey: 'DSK', include: ['due'] },
    /** A number or reference that people use, to the item that bears it. */
    byReference: { partitionKey: 'RPK', sortKey: 'RSK', include: [] },
  },
} as const;

export type IndexName = keyof typeof tableNames.indexes;
