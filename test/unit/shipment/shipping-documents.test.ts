import { beforeEach, describe, expect, it } from 'vitest';
import { fontsFromEnv } from '#shared/document/fonts.ts';
import { renderCommercialInvoice, renderPackingSlip } from '#shared/document/shipping-pdf.ts';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { CommercialInvoice } from '#shared/shipment/commercial-invoice.ts';
import { PackingSlip } from '#shared/shipment/packing-slip.ts';
import { type Trading, trading } from '#test/builders/trading.ts';
import { collisions } from '../document/collisions.ts';
import { readPdf, textOf } from '../document/read-pdf.ts';
import { albion } from '../document/sample.ts';

const at = '2026-03-03T09:00:00.000Z';
const fonts = fontsFromEnv();

let company: Trading;
beforeEach(() => {
  company = trading();
});

const customs = { hsCode: '691200', origin: 'GB', weightGrams: 350 };

async function sell(country: string, products: Record<string, object>, order: object = {}): Promise<string> {
  const { done } = company;
  const customer = {
    name: 'Halifax Trading Post',
    email: 'orders@halifax.example',
    address: {
      lines: ['1 Pier Road'],
      city: 'Halifax',
      postalCode: country === 'CA' ? 'B3H 4R2' : 'HX1 1AA',
      country,
    },
    vatId: 'CA123456789',
    currency: 'GBP',
    creditLimit: 1_000_000,
  };
  await done('putCustomer', { params: { customerId: 'cus_halifax' }, body: customer, at });
  for (const [sku, more] of Object.entries(products)) {
    const body = { description: `${sku}, blue`, prices: { GBP: 1_250 }, ...more };
    await done('putProduct', { params: { sku }, body, at });
    await done('recordStockMovement', { params: { sku }, body: { quantity: 40, reason: 'came' }, at });
  }
  const lines = Object.keys(products).map((sku, index) => ({ sku, quantity: 4 + index }));
  const body = { customerId: 'cus_halifax', currency: 'GBP', poNumber: 'PO-7', lines, ...order };
  return (await done('placeOrder', { body, at })).orderId;
}

const ship = (orderId: string, body: object = {}) =>
  company.ask('createShipment', { params: { orderId }, body, at });
const commercialInvoice = (orderId: string, shipmentId: string) =>
  company.ask('getCommercialInvoice', { params: { orderId, shipmentId }, at });
const packingSlip = (orderId: string, shipmentId: string) =>
  company.done('getPackingSlip', { params: { orderId, shipmentId }, at });

describe('goods that cross a customs border', () => {
  it('do not leave while a product lacks what the customs want to know', async () => {
    const orderId = await sell('CA', { MUG: { customs }, LAMP: {} });
    const { status, json } = await ship(orderId);
    expect([status, json.code]).toEqual([409, 'customs_data_missing']);
    expect(json.issues).toEqual([{ path: 'lines.2', message: 'LAMP has no `customs`' }]);
    const alone = await ship(orderId, { lines: [{ line: 1, quantity: 4 }] });
    expect([alone.status, alone.json.customs]).toEqual([
      201,
      { incoterm: 'DAP', lines: [{ line: 1, ...customs }] },
    ]);
    expect((await checkInvariants(company.table.items())).violations).toEqual([]);
  });

  it('have a commercial invoice that is worth what their tax invoice is, as declared when they left', async () => {
    const lamp = { hsCode: '94052190', origin: 'CN', weightGrams: 1_200 };
    const orderId = await sell('CA', { MUG: { customs }, LAMP: { customs: lamp } }, { incoterm: 'FCA' });
    const packages = [
      { weightGrams: 2_000, lines: [{ line: 1, quantity: 4 }] },
      { weightGrams: 3_100, lines: [{ line: 2, quantity: 2 }] },
    ];
    const { json: shipment } = await ship(orderId, { packages });
    await company.done('putProduct', {
      params: { sku: 'MUG' },
      body: { description: 'MUG', prices: { GBP: 9_999 }, customs: { ...customs, origin: 'PL' } },
      at,
    });
    const { status, json } = await commercialInvoice(orderId, shipment.shipmentId);
    expect(status).toBe(200);
    expect(json).toEqual({
      kind: 'commercial_invoice',
      shipmentId: shipment.shipmentId,
      orderId,
      customerId: 'cus_halifax',
      poNumber: 'PO-7',
      date: '2026-03-03',
      consignee: {
        name: 'Halifax Trading Post',
        address: { lines: ['1 Pier Road'], city: 'Halifax', postalCode: 'B3H 4R2', country: 'CA' },
        language: 'en',
        vatId: 'CA123456789',
      },
      reasonForExport: 'sale',
      incoterm: 'FCA',
      currency: 'GBP',
      lines: [
        {
          line: 1,
          sku: 'MUG',
          description: 'MUG, blue',
          quantity: 4,
          hsCode: '691200',
          origin: 'GB',
          value: 5_000,
          netWeightGrams: 1_400,
        },
        {
          line: 2,
          sku: 'LAMP',
          description: 'LAMP, blue',
          quantity: 2,
          hsCode: '94052190',
          origin: 'CN',
          value: 2_500,
          netWeightGrams: 2_400,
        },
      ],
      adjustments: [],
      total: 7_500,
      netWeightGrams: 3_800,
      grossWeightGrams: 5_100,
      packages: 2,
    });
  });

  it('carry the freight of their order on the commercial invoice', async () => {
    const adjustments = [{ kind: 'freight', reason: 'Air freight', amount: 1_900 }];
    const orderId = await sell('CA', { MUG: { customs } }, { adjustments });
    const { json: shipment } = await ship(orderId, { incoterm: 'DDP' });
    const { json } = await commercialInvoice(orderId, shipment.shipmentId);
    expect(json).toMatchObject({
      incoterm: 'DDP',
      adjustments: [{ reason: 'Air freight', amount: 1_900 }],
      total: 6_900,
    });
    expect(json.grossWeightGrams).toBeUndefined();
  });

  it('are others than those sold at home: these have a packing slip only', async () => {
    const orderId = await sell('GB', { MUG: {} });
    const { json: shipment } = await ship(orderId);
    const { status, json } = await commercialInvoice(orderId, shipment.shipmentId);
    expect([status, json.code]).toEqual([409, 'commercial_invoice_not_needed']);
  });
});

describe('a packing slip', () => {
  it('says what lies in which package and what is still to come, without prices', async () => {
    const orderId = await sell('GB', { MUG: {}, LAMP: {} });
    const first = await ship(orderId, {
      carrier: 'Royal Mail',
      packages: [{ trackingNumber: 'RM12345', lines: [{ line: 1, quantity: 1 }] }],
    });
    const second = await ship(orderId);
    expect(await packingSlip(orderId, first.json.shipmentId)).toMatchObject({
      carrier: 'Royal Mail',
      lines: [{ line: 1, sku: 'MUG', ordered: 4, quantity: 1, open: 3 }],
      packages: [
        {
          packageNumber: 1,
          trackingNumber: 'RM12345',
          lines: [{ line: 1, sku: 'MUG', description: 'MUG, blue', quantity: 1 }],
        },
      ],
    });
    const { lines } = await packingSlip(orderId, second.json.shipmentId);
    expect(lines.map(({ line, quantity, open }: Record<string, number>) => [line, quantity, open])).toEqual([
      [1, 3, 0],
      [2, 5, 0],
    ]);
  });

  it('is not for other customers, nor for a shipment that is not there', async () => {
    const orderId = await sell('GB', { MUG: {} });
    const { json: shipment } = await ship(orderId);
    const as = { sub: 'u-9', name: 'Olga', roles: ['customer'], customerId: 'cus_other' } as const;
    const params = { orderId, shipmentId: shipment.shipmentId };
    expect((await company.ask('getPackingSlip', { params, at, as })).status).toBe(404);
    const absent = { orderId, shipmentId: 'shp_01k0000000000000000000000b' };
    const { status, json } = await company.ask('getPackingSlip', { params: absent, at });
    expect([status, json.code]).toEqual([404, 'shipment_not_found']);
  });
});

describe('shipping documents as PDF', () => {
  const address = { lines: ['Brühl 14'], city: 'Zürich', postalCode: '8001', country: 'CH' };
  const consignee = { name: 'Kontor für Schreibwaren AG', address, language: 'de' } as const;
  const goods = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      line: index + 1,
      sku: `SKU-${index + 1}`,
      description: index % 3 === 0 ? 'SET OF 3 CAKE TINS PANTRY DESIGN WITH A LONG DESCRIPTION' : 'MUG',
      quantity: 1 + (index % 12),
    }));
  const about = {
    shipmentId: 'shp_01k0000000000000000000000b',
    orderId: 'ord_01k0000000000000000000000a',
    customerId: 'cus_kontor',
    poNumber: 'B-2026/17',
  };

  it.each([1, 40, 400])('show each of %i lines packed, none over another', async (count) => {
    const slip = PackingSlip.parse({
      kind: 'packing_slip',
      ...about,
      shippedOn: '2026-03-03',
      carrier: 'Die Post',
      trackingNumber: '99.00.123456'.replaceAll('.', ''),
      consignee,
      lines: goods(count).map((line) => ({ ...line, ordered: line.quantity + 1, open: 1 })),
      packages: [
        { packageNumber: 1, weightGrams: 12_500, dimensionsMm: [600, 400, 300], lines: goods(count) },
      ],
    });
    const pages = readPdf(await renderPackingSlip(albion, slip, fonts));
    expect(collisions(pages)).toEqual([]);
    const text = pages.map(textOf).join('\n');
    expect(text).toContain('Lieferschein');
    expect(text).toContain('Packstück 1 von 1');
    expect(text).toContain('12,500 kg');
    expect(new Set(text.match(/SKU-\d+/g)).size).toBe(count);
  });

  it.each([1, 40, 400])('show each of %i lines declared, none over another', async (count) => {
    const lines = goods(count).map((line) => ({
      ...line,
      hsCode: '69120023',
      origin: 'CN',
      value: 1_234_56,
      netWeightGrams: 1_400,
    }));
    const invoice = CommercialInvoice.parse({
      kind: 'commercial_invoice',
      ...about,
      date: '2026-03-03',
      consignee: { ...consignee, vatId: 'CHE-123.456.788' },
      reasonForExport: 'sale',
      incoterm: 'DAP',
      currency: 'CHF',
      lines,
      adjustments: [{ reason: 'Fracht', amount: 1_900 }],
      total: count * 1_234_56 + 1_900,
      netWeightGrams: count * 1_400,
      packages: 1,
    });
    const pages = readPdf(
      await renderCommercialInvoice({ ...albion, eori: 'GB123456782000' }, invoice, fonts),
    );
    expect(collisions(pages)).toEqual([]);
    const text = pages.map(textOf).join('\n');
    for (const words of [
      'Handelsrechnung',
      'DAP Zürich',
      'GB123456782000',
      'China',
      'Gesamtwert',
      'Fracht',
    ]) {
      expect(text).toContain(words);
    }
    expect(new Set(text.match(/SKU-\d+/g)).size).toBe(count);
  });
});
