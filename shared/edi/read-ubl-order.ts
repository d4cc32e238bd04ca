import { DomainError, type FieldIssue } from '../kernel/errors.ts';
import { parseAmount } from '../kernel/money.ts';
import { type XmlElement, xmlReader } from '../kernel/xml-elements.ts';
import { UblOrder } from './ubl-order.ts';

const NAMESPACE = 'urn:oasis:names:specification:ubl:schema:xsd:Order-2';

/** Pieces, in the codes of UN/ECE Recommendation 20 that people send for them. */
const pieces = new Set(['C62', 'EA', 'H87', 'NAR', 'PCE', 'ZZ']);

/** Where each field comes from, for whoever has to mend the document. */
const elementsOf: Readonly<Record<string, string>> = {
  id: 'cbc:ID',
  issuedOn: 'cbc:IssueDate',
  currency: 'cbc:DocumentCurrencyCode',
  buyer: 'cac:BuyerCustomerParty',
  shipTo: 'cac:Delivery/cac:DeliveryLocation/cac:Address',
  requestedOn: 'cac:Delivery/cac:RequestedDeliveryPeriod',
  incoterm: 'cac:DeliveryTerms/cbc:ID',
  lines: 'cac:OrderLine',
};

/**
 * Reads an Order of UBL 2.1 (OASIS; Peppol BIS Ordering 3 is one). No DOCTYPE, so that no entity is ever expanded or
 * fetched.
 * @throws DomainError `edi_order_invalid` with the elements at fault
 */
export function readUblOrder(bytes: Uint8Array): UblOrder {
  const text = new TextDecoder('utf-8', { fatal: true });
  const parts: XmlElement[] = [];
  let rooted = false;
  const reader = xmlReader(
    'Order',
    {
      open(name, attributes, line) {
        const isOrder = name === 'Order' && Object.values(attributes).includes(NAMESPACE);
        if (!rooted && !isOrder) throw refused(`line ${line}`, `the root must be an Order of ${NAMESPACE}`);
        rooted = true;
      },
      whole: (element) => void parts.push(element),
      close: () => {},
    },
    refused,
  );
  try {
    reader.write(text.decode(bytes));
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw refused('the file', 'it is not UTF-8');
  }
  reader.end();
  if (!rooted) throw refused('the file', 'it holds no XML element');
  return orderOf(parts);
}

function orderOf(parts: readonly XmlElement[]): UblOrder {
  const part = (name: string) => parts.find((element) => element.name === name);
  const value = (name: string) => part(name)?.text();
  const delivery = part('Delivery');
  const currency = value('DocumentCurrencyCode') ?? '';
  const found = UblOrder.safeParse({
    id: value('ID'),
    issuedOn: value('IssueDate'),
    currency,
    buyer: buyerOf(part('BuyerCustomerParty')),
    shipTo: addressOf(delivery),
    requestedOn:
      delivery?.text('RequestedDeliveryPeriod', 'EndDate') ??
      delivery?.text('RequestedDeliveryPeriod', 'StartDate'),
    incoterm: part('DeliveryTerms')?.text('ID'),
    lines: parts
      .filter(({ name }) => name === 'OrderLine')
      .map((line, index) => lineOf(line, index, currency)),
  });
  if (found.success) return found.data;
  const issues = found.error.issues.map(({ path, message }): FieldIssue => {
    const [field, ...rest] = path.map(String);
    return { path: [elementsOf[field ?? ''] ?? field, ...rest].join('/'), message };
  });
  throw new DomainError('edi_order_invalid', 'The order can’t be taken as it is; the issues say where.', {
    issues,
  });
}

function buyerOf(party: XmlElement | undefined) {
  const endpoint = party?.at('Party', 'EndpointID');
  const id = endpoint?.text();
  return {
    customerId: party?.text('SupplierAssignedAccountID'),
    endpoint: id === undefined ? undefined : { scheme: endpoint?.attributes['schemeID'] ?? '', id },
  };
}

function addressOf(delivery: XmlElement | undefined) {
  const address = delivery?.at('DeliveryLocation', 'Address') ?? delivery?.at('DeliveryAddress');
  if (!address) return undefined;
  const name = delivery?.text('DeliveryParty', 'PartyName', 'Name');
  const lines = [
    name,
    address.text('StreetName'),
    address.text('AdditionalStreetName'),
    ...address.all('AddressLine').map((line) => line.text('Line')),
  ];
  return {
    lines: lines.filter((line) => line !== undefined),
    city: address.text('CityName'),
    postalCode: address.text('PostalZone'),
    country: address.text('Country', 'IdentificationCode'),
  };
}

/** @throws DomainError `edi_order_invalid` for units, currencies and prices that can't be taken */
function lineOf(line: XmlElement, index: number, currency: string) {
  const item = line.at('LineItem');
  const at = `cac:OrderLine/${index}`;
  const quantity = item?.at('Quantity');
  const unit = quantity?.attributes['unitCode'] ?? 'C62';
  if (!pieces.has(unit)) throw refused(`${at}/cbc:Quantity`, `unit ${unit}: we sell pieces (C62)`);
  return {
    id: item?.text('ID'),
    sku: item?.text('Item', 'SellersItemIdentification', 'ID'),
    quantity: Number(quantity?.text()),
    statedPrice: priceOf(item?.at('Price'), currency, `${at}/cac:Price`),
  };
}

/** The price of one, in whole minor units. */
function priceOf(price: XmlElement | undefined, currency: string, at: string): number | undefined {
  const amount = price?.at('PriceAmount');
  const text = amount?.text();
  if (text === undefined) return undefined;
  const given = amount?.attributes['currencyID'];
  if (given !== currency)
    throw refused(`${at}/cbc:PriceAmount`, `is in ${given ?? 'no currency'}, the order in ${currency}`);
  const units = Number(price?.text('BaseQuantity') ?? '1');
  const minor = parseAmount(text, currency);
  const one = minor === undefined ? Number.NaN : minor / units;
  if (!Number.isSafeInteger(one)) {
    throw refused(
      `${at}/cbc:PriceAmount`,
      `${text} for ${units}: a unit must cost a whole number of the smallest coins`,
    );
  }
  return one;
}

function refused(place: string, message: string): DomainError {
  return new DomainError('edi_order_invalid', `The order is refused at ${place}: ${message}.`, {
    issues: [{ path: place, message }],
  });
}
