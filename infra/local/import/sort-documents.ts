import type { OrderFile, SourceDocument, SourceLine } from './read-orders.ts';

/** A correction of a stock count that stood among the orders. */
export type StockCorrection = { number: string; line: SourceLine };

/** What a file holds, by what becomes of it. */
export type Work = {
  orders: SourceDocument[];
  returns: SourceDocument[];
  corrections: StockCorrection[];
  /** Value of the file's own lines before tax, minor units: quantity × price over all of them. */
  net: number;
};

/**
 * Tells orders, returns and stock corrections apart: a `C` before the number is a return; a negative quantity
 * elsewhere ("wet", "CHECK") corrects the stock and is worth nothing; all else was sold.
 */
export function sortDocuments({ documents }: OrderFile): Work {
  const work: Work = { orders: [], returns: [], corrections: [], net: 0 };
  for (const document of documents) {
    work.net += document.lines.reduce((sum, line) => sum + line.quantity * line.unitPrice, 0);
    if (document.number.startsWith('C')) {
      work.returns.push(document);
      continue;
    }
    const sold = document.lines.filter((line) => line.quantity > 0);
    for (const line of document.lines) {
      if (line.quantity < 0) work.corrections.push({ number: document.number, line });
    }
    if (sold.length > 0) work.orders.push({ ...document, lines: sold });
  }
  return work;
}

/** Postage, fees and manual amounts: invoiced, never stocked. Stock codes begin with five digits. */
function isCharge(sku: string): boolean {
  return !/^\d{5}/.test(sku);
}

export type SourceProduct = {
  sku: string;
  description: string;
  price: number;
  charge: boolean;
  openingStock: number;
};

/** Every product the file names; its opening stock is what the file sells and writes off. */
export function productsOf({ orders, returns, corrections }: Work): SourceProduct[] {
  const products = new Map<string, SourceProduct>();
  const take = (line: SourceLine): SourceProduct => {
    const known = products.get(line.sku);
    const product = known ?? {
      sku: line.sku,
      description: '',
      price: 0,
      charge: isCharge(line.sku),
      openingStock: 0,
    };
    // Names such as "wet" or "?" come from stock counts; the real one has capitals.
    if (product.description === '' && /[A-Z]{3}/.test(line.description))
      product.description = line.description;
    if (product.price === 0) product.price = line.unitPrice;
    products.set(line.sku, product);
    return product;
  };
  for (const line of orders.flatMap((order) => order.lines)) {
    const product = take(line);
    if (!product.charge) product.openingStock += line.quantity;
  }
  for (const line of returns.flatMap((document) => document.lines)) take(line);
  for (const { line } of corrections) {
    const product = take(line);
    if (!product.charge) product.openingStock -= line.quantity;
  }
  return [...products.values()];
}

export type SourceCustomer = { customerId: string; name: string; country: string };

/** Who buys at the counter, all of them. */
export const COUNTER = 'cus_counter';

export const customerIdOf = (document: SourceDocument) =>
  document.customer === undefined ? COUNTER : `cus_${document.customer}`;

/** Every customer the file names, the counter included where it sold. */
export function customersOf({ orders, returns }: Work): SourceCustomer[] {
  const customers = new Map<string, SourceCustomer>();
  for (const document of [...orders, ...returns]) {
    const customerId = customerIdOf(document);
    if (customers.has(customerId)) continue;
    const name = document.customer === undefined ? 'Counter sales' : `Customer ${document.customer}`;
    customers.set(customerId, { customerId, name, country: document.country });
  }
  return [...customers.values()];
}
