import { DomainError, type FieldIssue } from '../kernel/errors.ts';
import type { Sku } from '../kernel/ids.ts';
import type { OrderLine } from '../order/order.ts';
import type { Product } from '../product/product.ts';
import type { Incoterm } from './incoterm.ts';
import type { Shipment, ShipmentLine } from './shipment.ts';

/** The seller brings the goods to the customer, who clears them: what parcels are mostly sent by. */
const USUAL_INCOTERM: Incoterm = 'DAP';

/** Goods that cross a customs border: the tax law's exports (category G of EN 16931), from the seller's union or country. */
function exportedGoods(lines: readonly OrderLine[]): OrderLine[] {
  return lines.filter(({ kind, tax }) => kind === 'goods' && tax.category === 'G');
}

/** The products of a shipment's goods that cross a border. */
export function skusToDeclare(shipment: Pick<Shipment, 'lines'>, orderLines: readonly OrderLine[]): Sku[] {
  const shipped = new Set(shipment.lines.map(({ line }) => line));
  const exported = exportedGoods(orderLines).filter(({ line }) => shipped.has(line));
  return [...new Set(exported.map(({ sku }) => sku))];
}

/**
 * The shipment with what the customs want to know of it, where any of its goods cross a border.
 * @throws DomainError `customs_data_missing` with the products that lack it
 */
export function declareCustoms(
  shipment: Shipment,
  orderLines: readonly OrderLine[],
  products: ReadonlyMap<string, Product>,
  incoterm: Incoterm = USUAL_INCOTERM,
): Shipment {
  const exported = new Map(exportedGoods(orderLines).map((line) => [line.line, line]));
  const lacking: FieldIssue[] = [];
  const declared = shipment.lines.flatMap(({ line }: ShipmentLine) => {
    const goods = exported.get(line);
    if (!goods) return [];
    const customs = products.get(goods.sku)?.customs;
    if (customs) return [{ line, ...customs }];
    lacking.push({ path: `lines.${line}`, message: `${goods.sku} has no \`customs\`` });
    return [];
  });
  if (lacking.length > 0) {
    throw new DomainError(
      'customs_data_missing',
      'The goods cross a customs border. Give each product its HS code, origin and weight first.',
      { issues: lacking },
    );
  }
  return declared.length === 0 ? shipment : { ...shipment, customs: { incoterm, lines: declared } };
}
