type Line = { kind: 'goods' | 'charge'; sku: string; quantity: number };

/** Units of a SKU that an order needs from stock. */
export type StockNeed = { sku: string; quantity: number };

/**
 * Different SKUs that one transaction can reserve. DynamoDB takes 100 actions; besides the stock a placed order
 * writes at most 9 (head, five chunks of lines, fact, idempotency record, purchase-order number).
 */
export const NEEDS_PER_TRANSACTION = 90;

/** What the goods among `lines` need from stock: one need per SKU, in the order of the lines. */
export function stockNeeds(lines: readonly Line[]): StockNeed[] {
  const needs = new Map<string, number>();
  for (const { kind, sku, quantity } of lines) {
    if (kind === 'goods') needs.set(sku, (needs.get(sku) ?? 0) + quantity);
  }
  return [...needs].map(([sku, quantity]) => ({ sku, quantity }));
}

/** Whether the order's own transaction can reserve all its goods. */
export function fitsOneTransaction(lines: readonly Line[]): boolean {
  return stockNeeds(lines).length <= NEEDS_PER_TRANSACTION;
}
