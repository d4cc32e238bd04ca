import type { Picture } from './picture.ts';
import { unlessEqual, type Violation } from './violation.ts';

/**
 * D. What became of the orders of a file is told once of each: the counts of its chunks are those of its results, and every
 * order that came by it is one of them.
 */
export function* importsAddUp(picture: Picture): Generator<Violation> {
  const imported = new Map<string, string>();
  for (const [importId, { orders, chunks }] of picture.orderImports) {
    const progress = picture.importProgress.get(importId) ?? [];
    const results = picture.importResults.get(importId) ?? [];
    const sum = (of: 'orders' | 'placed' | 'rejected') =>
      progress.reduce((total, each) => total + each[of], 0);
    yield* unlessEqual('D', `chunks of ${importId}`, progress.length, chunks);
    yield* unlessEqual('D', `orders of ${importId}`, sum('orders'), orders);
    yield* unlessEqual(
      'D',
      `placed of ${importId}`,
      sum('placed'),
      results.filter(({ orderId }) => orderId).length,
    );
    yield* unlessEqual(
      'D',
      `rejected of ${importId}`,
      sum('rejected'),
      results.filter(({ reject }) => reject).length,
    );
    for (const { orderId } of results) if (orderId) imported.set(orderId, importId);
  }
  for (const { orderId, source } of picture.orders.values()) {
    const told = source?.kind === 'csv' ? source.id : undefined;
    yield* unlessEqual('D', `the file that ${orderId} came by`, imported.get(orderId), told);
  }
}
