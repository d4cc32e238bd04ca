import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { readUblOrder } from '#shared/edi/read-ubl-order.ts';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { type Trading, trading } from '#test/builders/trading.ts';
import { hasUblSchemas, ublSchema } from '../../conformance/ubl-schema.ts';

const at = '2026-03-03T09:00:00.000Z';
const buyer = { sub: 'bea', name: 'Bea', roles: ['customer'], customerId: 'cus_harbour' } as const;

type Line = { id?: string; sku?: string; quantity?: string; unit?: string; price?: string; base?: string };
type Draft = {
  id?: string;
  currency?: string;
  account?: string | undefined;
  endpoint?: string;
  delivery?: string;
  lines?: readonly Line[];
};

function lineOf({ id = '1', sku = 'MUG', quantity = '4', unit = 'C62', price, base }: Line): string {
  const baseQuantity =
    base === undefined ? '' : `<cbc:BaseQuantity unitCode="C62">${base}</cbc:BaseQuantity>`;
  const amount = `<cac:Price><cbc:PriceAmount currencyID="GBP">${price}</cbc:PriceAmount>${baseQuantity}</cac:Price>`;
  return `<cac:OrderLine><cac:LineItem><cbc:ID>${id}</cbc:ID><cbc:Quantity unitCode="${unit}">${quantity}</cbc:Quantity>
    ${price === undefined ? '' : amount}
    <cac:Item><cbc:Name>A &amp; B</cbc:Name><cac:SellersItemIdentification><cbc:ID>${sku}</cbc:ID></cac:SellersItemIdentification></cac:Item>
  </cac:LineItem></cac:OrderLine>`;
}

/** An Order of UBL 2.1 as Peppol BIS Ordering 3 has it. */
function ublOrder(draft: Draft = {}): string {
  const { id = 'PO-4711', currency = 'GBP', endpoint = '', delivery = '', lines = [{}] } = draft;
  const account = 'account' in draft ? draft.account : 'cus_harbour';
  return `<?xml version="1.0" encoding="UTF-8"?>
<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:order:3</cbc:CustomizationID>
  <cbc:ProfileID>urn:fdc:peppol.eu:poacc:bis:ordering:3</cbc:ProfileID>
  <cbc:ID>${id}</cbc:ID>
  <cbc:IssueDate>2026-03-02</cbc:IssueDate>
  <cbc:Note>Please deliver in the morning</cbc:Note>
  <cbc:DocumentCurrencyCode>${currency}</cbc:DocumentCurrencyCode>
  <cac:BuyerCustomerParty>
    ${account === undefined ? '' : `<cbc:SupplierAssignedAccountID>${account}</cbc:SupplierAssignedAccountID>`}
    <cac:Party>${endpoint}<cac:PartyName><cbc:Name>Harbour Books</cbc:Name></cac:PartyName></cac:Party>
  </cac:BuyerCustomerParty>
  <cac:SellerSupplierParty><cac:Party><cac:PartyName><cbc:Name>Albion</cbc:Name></cac:PartyName></cac:Party></cac:SellerSupplierParty>
  ${delivery}
  ${lines.map(lineOf).join('\n')}
</Order>`;
}

const hull = `<cac:Delivery>
    <cac:DeliveryLocation><cac:Address><cbc:StreetName>Dock 4</cbc:StreetName><cbc:CityName>Hull</cbc:CityName>
      <cbc:PostalZone>HU1 1AA</cbc:PostalZone><cac:Country><cbc:IdentificationCode>GB</cbc:IdentificationCode></cac:Country>
    </cac:Address></cac:DeliveryLocation>
    <cac:RequestedDeliveryPeriod><cbc:StartDate>2026-03-09</cbc:StartDate><cbc:EndDate>2026-03-10</cbc:EndDate></cac:RequestedDeliveryPeriod>
  </cac:Delivery>`;

let company: Trading;
beforeEach(async () => {
  company = trading();
  await company.done('putCustomer', {
    params: { customerId: 'cus_harbour' },
    body: {
      name: 'Harbour Books',
      email: 'orders@harbour.example',
      address: { lines: ['3 Quay'], city: 'Leith', postalCode: 'EH6 6AA', country: 'GB' },
      currency: 'GBP',
      creditLimit: 10_000_000,
      peppolId: { scheme: '0088', id: '5060012349998' },
    },
    at,
  });
  for (const sku of ['MUG', 'LAMP']) {
    await company.done('putProduct', {
      params: { sku },
      body: { description: sku, prices: { GBP: 1_250 } },
      at,
    });
    await company.done('recordStockMovement', {
      params: { sku },
      body: { quantity: 40, reason: 'came' },
      at,
    });
  }
});

const send = (body: string | Uint8Array, options: object = {}) =>
  company.ask('takeEdiOrder', {
    body,
    query: { format: 'json' },
    headers: { 'content-type': 'application/xml' },
    at,
    ...options,
  });
const responseTo = (orderId: string, query: Record<string, string> = { format: 'json' }) =>
  company.ask('getOrderResponse', { params: { orderId }, query, at });
const decoded = (base64: string) => Buffer.from(base64, 'base64').toString('utf8');
const orders = () => company.table.items(({ PK, SK }) => PK.startsWith('ord_') && SK === 'HEAD');

describe('an order in UBL', () => {
  it('becomes an order of the channel edi, with the document beside it, and is answered', async () => {
    const document = ublOrder({
      delivery: hull,
      lines: [
        { id: '10', price: '12.50' },
        { id: '20', sku: 'LAMP', quantity: '2' },
      ],
    });
    const { status, json } = await send(document);
    expect([status, json]).toEqual([
      201,
      {
        responseId: `${json.orderId}-1`,
        issuedOn: '2026-03-03',
        documentId: 'PO-4711',
        orderId: json.orderId,
        currency: 'GBP',
        responseCode: 'AB',
        notes: [],
        lines: [
          { id: '10', sku: 'MUG', statusCode: '5', quantity: 4, unitPrice: 1_250 },
          { id: '20', sku: 'LAMP', statusCode: '5', quantity: 2, unitPrice: 1_250 },
        ],
      },
    ]);
    expect(await company.done('getOrder', { params: { orderId: json.orderId } })).toMatchObject({
      status: 'confirmed',
      channel: 'edi',
      poNumber: 'PO-4711',
      source: { kind: 'ubl', id: 'PO-4711' },
      requestedOn: '2026-03-10',
      shipTo: { lines: ['Dock 4'], city: 'Hull', postalCode: 'HU1 1AA', country: 'GB' },
    });
    expect((await responseTo(json.orderId)).json.responseCode).toBe('AP');
    const source = await company.ask('getSourceDocument', { params: { orderId: json.orderId }, at });
    expect(decoded(source.text)).toBe(document);
    expect((await checkInvariants(company.table.items())).violations).toEqual([]);
  });

  it('sent again makes no second order, and is answered as the first stands', async () => {
    const first = await send(ublOrder());
    const again = await send(ublOrder());
    expect([again.status, again.json.orderId, again.json.responseCode]).toEqual([
      200,
      first.json.orderId,
      'AP',
    ]);
    const both = await Promise.all([send(ublOrder({ id: 'PO-2' })), send(ublOrder({ id: 'PO-2' }))]);
    expect(new Set(both.map(({ json }) => json.orderId)).size).toBe(1);
    expect(orders()).toHaveLength(2);
    const other = await send(ublOrder({ lines: [{ quantity: '5' }] }));
    expect([other.status, other.json.responseCode, other.json.orderId]).toEqual([200, 'RE', undefined]);
    expect(orders()).toHaveLength(2);
  });

  it('finds its buyer by the endpoint, and only the sender’s own where a customer sends it', async () => {
    const endpoint = '<cbc:EndpointID schemeID="0088">5060012349998</cbc:EndpointID>';
    expect((await send(ublOrder({ account: undefined, endpoint }))).status).toBe(201);
    expect((await send(ublOrder({ id: 'PO-5', account: undefined, endpoint }), { as: buyer })).status).toBe(
      201,
    );
    const stranger = { ...buyer, customerId: 'cus_other' };
    expect((await send(ublOrder({ id: 'PO-6' }), { as: stranger })).json.code).toBe('customer_not_found');
    expect(
      (await send(ublOrder({ id: 'PO-6', account: undefined, endpoint }), { as: stranger })).json.code,
    ).toBe('customer_not_found');
    const nobody = '<cbc:EndpointID schemeID="0088">1</cbc:EndpointID>';
    expect((await send(ublOrder({ id: 'PO-7', account: undefined, endpoint: nobody }))).json.code).toBe(
      'customer_not_found',
    );
  });

  it('is not taken from a customer who is bound to none', async () => {
    const unbound = { sub: 'nobody', name: 'Nobody', roles: ['customer'] } as const;
    const before = company.table.items();
    expect((await send(ublOrder(), { as: unbound })).json.code).toBe('forbidden');
    const body = 'order_ref,customer_id,currency,sku,quantity\nA,cus_harbour,GBP,MUG,1\n';
    const file = await company.ask('importOrders', { body, as: unbound, at });
    expect(file.json.code).toBe('forbidden');
    expect(company.table.items()).toEqual(before);
  });

  it('whose price differs waits for sales, and says so to the buyer with both figures', async () => {
    const { json } = await send(ublOrder({ lines: [{ price: '1200', base: '100' }] }));
    const answer = (await responseTo(json.orderId)).json;
    expect(answer).toMatchObject({
      responseCode: 'AB',
      notes: ['line 1, MUG: stated GBP 12.00, ours GBP 12.50'],
      lines: [{ statusCode: '3', unitPrice: 1_250 }],
    });
  });

  it('is answered with what was changed, and with a refusal once it is cancelled', async () => {
    const { json } = await send(ublOrder({ lines: [{ id: 'A' }, { id: 'B', sku: 'LAMP' }] }));
    const params = { orderId: json.orderId };
    await company.done('cancelOrder', {
      params,
      body: { reason: 'one breaks', lines: [{ line: 2, quantity: 4 }] },
      at,
    });
    expect((await responseTo(json.orderId)).json).toMatchObject({
      responseCode: 'CA',
      lines: [
        { id: 'A', statusCode: '5', quantity: 4 },
        { id: 'B', statusCode: '7', quantity: 0 },
      ],
    });
    await company.done('cancelOrder', { params, body: { reason: 'not needed' }, at });
    expect((await responseTo(json.orderId)).json).toMatchObject({
      responseCode: 'RE',
      notes: ['not needed'],
    });
  });

  it.each([
    ['a product nobody knows', { lines: [{ sku: 'NONE' }] }, 'there is no product NONE'],
    ['more than there is', { lines: [{ quantity: '41' }] }, 'MUG'],
    ['another currency', { currency: 'EUR' }, 'This customer is served in GBP'],
  ])('of %s is refused in the answer, and nothing is written', async (_, draft, why) => {
    const before = company.table.items();
    const { status, json } = await send(ublOrder(draft));
    expect([status, json.responseCode, json.lines[0].statusCode]).toEqual([200, 'RE', '7']);
    expect(json.notes.join(' ')).toContain(why);
    expect(company.table.items()).toEqual(before);
  });

  it.each([
    ['no XML', 'hello', 'line 1'],
    [
      'another document',
      '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>',
      'line 1',
    ],
    [
      'an entity',
      `<!DOCTYPE Order [<!ENTITY x SYSTEM "file:///etc/passwd">]>${ublOrder().slice(38)}`,
      'line 1',
    ],
    ['bytes that are no UTF-8', Uint8Array.from([0xff, 0xfe, 0x3c]), 'the file'],
    ['no lines', ublOrder({ lines: [] }), 'cac:OrderLine'],
    ['half a mug', ublOrder({ lines: [{ quantity: '0.5' }] }), 'cac:OrderLine/0/quantity'],
    ['kilograms', ublOrder({ lines: [{ unit: 'KGM' }] }), 'cac:OrderLine/0/cbc:Quantity'],
    [
      'a price of half pennies',
      ublOrder({ lines: [{ price: '0.125' }] }),
      'cac:OrderLine/0/cac:Price/cbc:PriceAmount',
    ],
    ['a number that is none', ublOrder({ id: 'PO 1' }), 'cbc:ID'],
    ['nobody', ublOrder({ account: undefined }), 'cac:BuyerCustomerParty'],
    ['1,001 lines', ublOrder({ lines: Array.from({ length: 1_001 }, () => ({})) }), 'cac:OrderLine'],
  ])('that is %s is refused with the element at fault', async (_, body, path) => {
    const before = company.table.items();
    const { status, json } = await send(body, { base64: body instanceof Uint8Array });
    expect([status, json.code]).toEqual([422, 'edi_order_invalid']);
    expect(json.issues[0].path).toBe(path);
    expect(company.table.items()).toEqual(before);
  });

  it('is none where an order came another way', async () => {
    const body = { customerId: 'cus_harbour', currency: 'GBP', lines: [{ sku: 'MUG', quantity: 1 }] };
    const { orderId } = await company.done('placeOrder', { body, at });
    expect((await responseTo(orderId)).json.code).toBe('source_document_not_found');
  });
});

describe.skipIf(!hasUblSchemas)('the schemas of UBL 2.1 (read from O2C_DATA)', () => {
  it('pass generated Orders, and the OrderResponses to them', async () => {
    const [order, response] = [ublSchema('Order'), ublSchema('OrderResponse')];
    const drafts = fc.record({
      id: fc.stringMatching(/^[\w./-]{1,40}$/),
      delivery: fc.constantFrom('', hull),
      lines: fc.array(
        fc.record({
          id: fc.stringMatching(/^[A-Z0-9]{1,10}$/),
          sku: fc.constantFrom('MUG', 'LAMP', 'NONE'),
          quantity: fc.integer({ min: 1, max: 60 }).map(String),
          price: fc.constantFrom('12.50', '12.5000', '11', '0'),
        }),
        { minLength: 1, maxLength: 12 },
      ),
    });
    const answered = new Set<string>();
    let nth = 0;
    await fc.assert(
      fc.asyncProperty(drafts, async ({ id, ...draft }) => {
        const document = ublOrder({ ...draft, id: `${nth++}-${id}`.slice(0, 40) });
        expect(order(document)).toEqual([]);
        expect(readUblOrder(Buffer.from(document)).lines).toHaveLength(draft.lines.length);
        const answer = decoded((await send(document, { query: {} })).text);
        expect(response(answer)).toEqual([]);
        answered.add(/<cbc:OrderResponseCode>(\w\w)/.exec(answer)?.[1] ?? '');
      }),
      { numRuns: 100 },
    );
    expect([...answered].toSorted((a, b) => a.localeCompare(b))).toEqual(['AB', 'RE']);
    for (const { PK } of orders()) {
      const { text, headers } = await responseTo(PK, {});
      expect(response(decoded(text))).toEqual([]);
      expect(headers['content-type']).toBe('application/xml; profile=ubl');
    }
  });

  it('fail what is none, so that a pass means something', () => {
    const check = ublSchema('Order');
    expect(check(ublOrder().replace('<cbc:IssueDate>2026-03-02</cbc:IssueDate>', ''))).not.toEqual([]);
  });
});
