import { isDeepStrictEqual } from 'node:util';
import { DomainError } from '../kernel/errors.ts';
import type { Sku, WarehouseId } from '../kernel/ids.ts';
import { MAIN } from '../stock/warehouse-policy.ts';
import type { Product, ProductInput } from './product.ts';

/**
 * The product that `input` makes of `before`, which is missing for a new one.
 * @returns undefined when it says what is known already
 * @throws DomainError `validation_failed` when an exempt product does not say why, or goods become a charge or the other way round: orders and stock stand
 *   on the difference
 */
export function changeProduct(
  before: Product | undefined,
  sku: Sku,
  input: ProductInput,
): Product | undefined {
  refuseUnexplained(input);
  if (!before) return { ...input, sku, version: 1 };
  if (before.kind !== input.kind) {
    throw new DomainError(
      'validation_failed',
      `${sku} is kept as ${before.kind}. Use another SKU for a ${input.kind}.`,
      {
        issues: [{ path: 'kind', message: `must stay ${before.kind}` }],
      },
    );
  }
  const { stockedIn } = before;
  const next = { ...input, sku, ...(stockedIn && { stockedIn }), version: before.version };
  return isDeepStrictEqual(next, before) ? undefined : { ...next, version: before.version + 1 };
}

/** Every exempt sale names its reason on the invoice (EN 16931 BR-E-10), and no other one. */
function refuseUnexplained({ taxClass, exemption }: ProductInput): void {
  if ((taxClass === 'exempt') === (exemption !== undefined)) return;
  throw new DomainError(
    'validation_failed',
    taxClass === 'exempt'
      ? 'Say why the product is exempt: a VATEX code and, in words, the reason.'
      : 'Only a product of the class exempt has an exemption.',
    { issues: [{ path: 'exemption', message: 'goes with the tax class exempt' }] },
  );
}

/** The product once it is kept in `warehouse` as well; undefined where it was before. */
export function stockIn(before: Product, warehouse: WarehouseId): Product | undefined {
  const { stockedIn = [], version } = before;
  if (warehouse === MAIN || stockedIn.includes(warehouse)) return undefined;
  return { ...before, stockedIn: [...stockedIn, warehouse], version: version + 1 };
}
