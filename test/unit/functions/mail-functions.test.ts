import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openCreditOf } from '#shared/invoice/credit-note.ts';
import { saveOpenCredit, saveOpenItem } from '#shared/invoice/invoice-store.ts';
import { MailUncertain } from '#shared/mail/send-once.ts';
import type * as SesClient from '#shared/mail/ses-client.ts';
import { keys } from '#shared/table/keys.ts';
import { chunkActions } from '#shared/table/line-chunks.ts';
import { aCompany } from '#test/builders/company.ts';
import { aCustomer } from '#test/builders/customer.ts';
import {
  aCreditNote,
  anEntry,
  anInvoice,
  anOpenItem,
  CREDIT_NOTE_ID,
  INVOICE_ID,
  RETURN_ID,
  SELLER_ID,
} from '#test/builders/invoice.ts';
import { issuedFact } from '#test/builders/issued-fact.ts';
import { Mailbox } from '#test/builders/mailbox.ts';
import { type MemoryTable, memoryTable } from '#test/builders/memory-table.ts';
import { anOrderLine } from '#test/builders/order.ts';

/** What the functions work with in the test that is running. */
const here = vi.hoisted((): { table?: MemoryTable; mailbox?: Mailbox } => ({}));

vi.mock('#shared/table/dynamo-table.ts', () => ({
  dynamoTable: () => new Proxy({}, { get: (_, method) => Reflect.get(here.table ?? {}, method) }),
}));
vi.mock('#shared/mail/ses-client.ts', async (original) => ({
  ...(await original<typeof SesClient>()),
  sesSender: () => ({ send: (...mail: Parameters<Mailbox['send']>) => here.mailbox?.send(...mail) }),
}));
vi.mock('#shared/payment/signing-secret-client.ts', () => ({
  signingSecret: () => async () => 's'.repeat(64),
}));

process.env['COMPANY'] = JSON.stringify(aCompany());
process.env['SENDER_ADDRESS'] = 'billing@albion.example';
process.env['PUBLIC_URL'] = 'https://o2c.albion.example';
process.env['FINANCE_RECIPIENTS'] = 'cfo@albion.example,ledger@albion.example';

const [deliverDocument, report] = await Promise.all([
  import('../../../functions/events/deliver-document.ts'),
  import('../../../functions/schedule/report.ts'),
]);

let table: MemoryTable;
let mailbox: Mailbox;
beforeEach(async () => {
  table = here.table = memoryTable();
  mailbox = here.mailbox = new Mailbox();
  await table.transact([
    { do: 'put', item: { ...keys.invoice(INVOICE_ID), ...anInvoice() } },
    ...chunkActions((chunk) => keys.invoiceLines(INVOICE_ID, chunk), [anOrderLine()]),
    saveOpenItem(anOpenItem(), 'absent'),
    { do: 'put', item: { ...keys.seller(SELLER_ID), company: aCompany() } },
    { do: 'put', item: { ...keys.customer('cus_harbour'), ...aCustomer() } },
  ]);
});

describe('an invoice', () => {
  const event = { detail: issuedFact() };

  it('is mailed as a PDF with a link to pay it', async () => {
    expect(await deliverDocument.handler(event)).toEqual({ status: 'sent' });
    const [email] = await mailbox.read();
    expect(email).toMatchObject({
      from: { name: 'Albion Gifts', address: 'billing@albion.example' },
      to: [{ address: 'orders@harbour.example' }],
      subject: 'Invoice INV-2026-000001 from Albion Gifts',
      date: '2026-03-03T14:00:05.000Z',
      attachments: [{ filename: 'INV-2026-000001.pdf', mimeType: 'application/pdf' }],
    });
    expect(email?.html).toContain('https://o2c.albion.example/pay/');
    const content = email?.attachments[0]?.content;
    expect(content instanceof ArrayBuffer && Buffer.from(content).subarray(0, 5).toString()).toBe('%PDF-');
    expect(await table.get(keys.mail('cus_harbour', INVOICE_ID))).toMatchObject({
      kind: 'invoice.issued',
      status: 'sent',
      sesMessageId: 'ses-1',
    });
  });

  it('is mailed once, however often the fact comes', async () => {
    await deliverDocument.handler(event);
    expect(await deliverDocument.handler(event)).toEqual({ status: 'sent' });
    expect(mailbox.sent).toHaveLength(1);
  });

  it('that is paid already has no link to pay it', async () => {
    await table.write(saveOpenItem(anOpenItem({ status: 'paid', version: 2 }), 1));
    await deliverDocument.handler(event);
    expect((await mailbox.read())[0]?.html).not.toContain('/pay/');
  });

  it('that may have been mailed fails until a person has looked', async () => {
    mailbox.failure = new Error('socket hang up');
    await expect(deliverDocument.handler(event)).rejects.toThrow(MailUncertain);
    mailbox.failure = undefined;
    await expect(deliverDocument.handler(event)).rejects.toThrow(MailUncertain);

    await table.write({ do: 'delete', key: keys.mail('cus_harbour', INVOICE_ID) });
    expect(await deliverDocument.handler(event)).toEqual({ status: 'sent' });
  });
});

describe('a credit note', () => {
  it('is mailed as a PDF on its fact', async () => {
    await table.transact([
      { do: 'put', item: { ...keys.creditNote(CREDIT_NOTE_ID), ...aCreditNote() } },
      saveOpenCredit(openCreditOf(aCreditNote(), []), 'absent'),
      ...chunkActions(
        (chunk) => keys.invoiceLines(CREDIT_NOTE_ID, chunk),
        [anOrderLine({ quantity: 1, net: 1_250 })],
      ),
    ]);
    const detail = {
      id: `${CREDIT_NOTE_ID}.000001`,
      type: 'credit_note.issued',
      version: 1,
      at: '2026-03-12T10:00:00.000Z',
      subject: CREDIT_NOTE_ID,
      slot: '000001',
      customerId: 'cus_harbour',
      actor: 'warehouse@example.com',
      data: {
        creditNoteId: CREDIT_NOTE_ID,
        number: 'CN-2026-000001',
        scope: 'return',
        returnId: RETURN_ID,
        invoiceId: INVOICE_ID,
        reasonCode: 'goods_returned',
        currency: 'GBP',
        net: 1_250,
        gross: 1_500,
      },
    };
    expect(await deliverDocument.handler({ detail })).toEqual({ status: 'sent' });
    expect(await deliverDocument.handler({ detail })).toEqual({ status: 'sent' });
    const [email, ...others] = await mailbox.read();
    expect(others).toEqual([]);
    expect(email).toMatchObject({
      to: [{ address: 'orders@harbour.example' }],
      subject: 'Credit note CN-2026-000001 from Albion Gifts',
      attachments: [{ filename: 'CN-2026-000001.pdf' }],
    });
  });
});

describe('the morning report', () => {
  // 06:30 in London on 4 March.
  const event = { scheduledTime: '2026-03-04T06:30:00Z' };

  it('of the day before goes to all of finance in one mail, once', async () => {
    await table.write({ do: 'put', item: { ...keys.entry('2026-03-03', anEntry().entryId), ...anEntry() } });
    expect(await report.handler(event)).toEqual({ date: '2026-03-03', sent: true });
    expect(await report.handler(event)).toEqual({ date: '2026-03-03', sent: false });

    const [email, ...others] = await mailbox.read();
    expect(others).toEqual([]);
    expect(email?.to?.map(({ address }) => address)).toEqual(['cfo@albion.example', 'ledger@albion.example']);
    expect(email?.subject).toBe('Morning report for 3 March 2026');
    expect(email?.text).toContain('60.00');
    expect(email?.attachments.map(({ filename }) => filename)).toEqual([
      'open-items-2026-03-03.csv',
      'morning-report-2026-03-03.xlsx',
    ]);
    const csv = email?.attachments[0]?.content;
    expect(csv instanceof ArrayBuffer && Buffer.from(csv).toString()).toContain(
      'INV-2026-000001,cus_harbour,Harbour Books Ltd,2026-03-03,2026-04-02,-29,GBP,60.00,open',
    );
  });

  it('is of the day before by the clock of the company, whose 06:30 is 05:30 UTC in summer', async () => {
    expect(await report.handler({ scheduledTime: '2026-10-25T06:30:00Z' })).toMatchObject({
      date: '2026-10-24',
    });
    expect(await report.handler({ scheduledTime: '2026-10-24T05:30:00Z' })).toMatchObject({
      date: '2026-10-23',
    });
  });
});
