import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openCreditOf } from '#shared/invoice/credit-note.ts';
import { InvoiceLine } from '#shared/invoice/invoice.ts';
import { documentActions, saveOpenCredit, saveOpenItem } from '#shared/invoice/invoice-store.ts';
import { keys } from '#shared/table/keys.ts';
import { chunkActions } from '#shared/table/line-chunks.ts';
import { aCompany } from '#test/builders/company.ts';
import { aCustomer } from '#test/builders/customer.ts';
import {
  aCreditNote,
  anInvoice,
  anOpenItem,
  CREDIT_NOTE_ID,
  INVOICE_ID,
  SELLER_ID,
} from '#test/builders/invoice.ts';
import { type MemoryTable, memoryTable } from '#test/builders/memory-table.ts';
import { anOrder, anOrderLine, ORDER_ID } from '#test/builders/order.ts';
import { readPdf, textOf } from '../document/read-pdf.ts';

const here = vi.hoisted((): { table?: MemoryTable } => ({}));
vi.mock('#shared/table/dynamo-table.ts', () => ({
  dynamoTable: () => new Proxy({}, { get: (_, method) => Reflect.get(here.table ?? {}, method) }),
}));
vi.mock('#shared/payment/signing-secret-client.ts', () => ({
  signingSecret: () => async () => 's'.repeat(64),
}));
process.env['COMPANY'] = JSON.stringify(aCompany());
process.env['PUBLIC_URL'] = 'https://o2c.albion.example';
const { handler } = await import('../../../functions/invoked/render-document.ts');

let table: MemoryTable;
const line = InvoiceLine.parse({ ...anOrderLine(), unitCost: 431 });
beforeEach(async () => {
  table = here.table = memoryTable();
  const order = anOrder();
  await table.transact([
    ...documentActions(anInvoice(), [line]),
    ...documentActions(aCreditNote(), [line]),
    saveOpenItem(anOpenItem(), 'absent'),
    saveOpenCredit(openCreditOf(aCreditNote(), []), 'absent'),
    { do: 'put', item: { ...keys.seller(SELLER_ID), company: aCompany() } },
    { do: 'put', item: { ...keys.customer('cus_harbour'), ...aCustomer() } },
    { do: 'put', item: { ...keys.order(ORDER_ID), ...order } },
    ...chunkActions((chunk) => keys.orderLines(ORDER_ID, chunk), [anOrderLine()]),
  ]);
});

const invoice = { kind: 'invoice', id: INVOICE_ID, format: 'pdf' } as const;

async function fileFor(request: unknown) {
  const rendered = await handler(request);
  if (rendered.outcome !== 'rendered') throw new Error(rendered.detail);
  return { ...rendered, bytes: Buffer.from(rendered.base64, 'base64') };
}

describe('an invoice', () => {
  it('is rendered from its record, with the way to pay it', async () => {
    const { contentType, filename, bytes } = await fileFor(invoice);
    expect({ contentType, filename }).toEqual({
      contentType: 'application/pdf',
      filename: 'INV-2026-000001.pdf',
    });
    const [page] = readPdf(bytes);
    expect(textOf(page)).toContain('Invoice INV-2026-000001');
    expect(page?.links).toEqual([expect.stringMatching(/^https:\/\/o2c\.albion\.example\/pay\//)]);
    expect(textOf(page)).not.toContain('4.31');
  });

  it('has the same bytes after it was paid and the customer and the company became others', async () => {
    const before = await fileFor(invoice);
    expect((await fileFor(invoice)).base64).toBe(before.base64);
    await table.transact([
      saveOpenItem(anOpenItem({ status: 'paid', version: 2 }), 1),
      {
        do: 'put',
        item: {
          ...keys.customer('cus_harbour'),
          ...aCustomer({ name: 'Bought by Pier Books', language: 'de' }),
        },
      },
    ]);
    vi.stubEnv(
      'COMPANY',
      JSON.stringify(aCompany({ legalName: 'Albion Presents plc', iban: 'GB82WEST12345698765432' })),
    );
    vi.resetModules();
    const restarted = await import('../../../functions/invoked/render-document.ts');
    const after = await restarted.handler(invoice);
    expect(after.outcome === 'rendered' && after.base64).toBe(before.base64);
    vi.unstubAllEnvs();
  });

  it('fails when there is none: the caller has looked before', async () => {
    const id = `inv_${'0'.repeat(26)}`;
    await expect(handler({ ...invoice, id })).rejects.toThrow(`${id} is not to be found`);
  });
});

it('renders a credit note with what it corrects and nothing to pay', async () => {
  const { filename, bytes } = await fileFor({ kind: 'credit_note', id: CREDIT_NOTE_ID, format: 'pdf' });
  const [page] = readPdf(bytes);
  expect(filename).toBe('CN-2026-000001.pdf');
  expect(textOf(page)).toContain('Credit note CN-2026-000001');
  expect(page?.links).toEqual([]);
});

it('renders the pro forma of an order, which says that it is no tax invoice', async () => {
  const { filename, bytes } = await fileFor({ kind: 'pro_forma', id: ORDER_ID, format: 'pdf' });
  const text = textOf(readPdf(bytes)[0]);
  expect(filename).toBe(`pro-forma-${ORDER_ID}.pdf`);
  expect(text).toContain('Pro forma invoice');
  expect(text).toContain('This is not a tax invoice');
  expect(text).not.toContain('IBAN\n');
});

describe('an electronic invoice', () => {
  const invoiceAs = (format: string) => fileFor({ ...invoice, format });

  it('is the record in UN/CEFACT, and inside its PDF as Factur-X; the same every time', async () => {
    const cii = await invoiceAs('cii');
    expect(cii.contentType).toBe('application/xml; profile=cii');
    expect(cii.filename).toBe('INV-2026-000001.xml');
    expect(cii.bytes.toString()).toContain('<ram:ID>INV-2026-000001</ram:ID>');
    const hybrid = await invoiceAs('factur-x');
    expect(hybrid.contentType).toBe('application/pdf; profile=factur-x');
    expect(hybrid.filename).toBe('INV-2026-000001.pdf');
    expect(hybrid.bytes.toString('latin1')).toContain('/AFRelationship /Alternative');
    expect((await invoiceAs('factur-x')).base64).toBe(hybrid.base64);
  });

  it('is refused with the reason where the rules have no form for this one', async () => {
    // An intra-Community supply to a buyer without VAT id.
    const groups = [{ category: 'K', rate: '0', net: 5_000, tax: 0 } as const];
    const document = anInvoice({ totals: { net: 5_000, tax: 0, gross: 5_000, groups } });
    await table.write({ do: 'put', item: { ...keys.invoice(INVOICE_ID), ...document } });
    expect(await handler({ ...invoice, format: 'cii' })).toMatchObject({
      outcome: 'refused',
      code: 'e_invoice_not_possible',
      detail: expect.stringMatching(/^No e-invoice can be made of this document: /),
    });
  });
});
