import { beforeEach, describe, expect, it, vi } from 'vitest';
import { loadAccount } from '#shared/customer/customer-store.ts';
import { CustomerId } from '#shared/kernel/ids.ts';
import { MailUncertain } from '#shared/mail/send-once.ts';
import type * as SesClient from '#shared/mail/ses-client.ts';
import type { StartStatement } from '#shared/statement/statement-client.ts';
import { aCompany } from '#test/builders/company.ts';
import { aCustomer } from '#test/builders/customer.ts';
import { aDraft, claimCredit, issue, keepCustomer, shipmentIdOf } from '#test/builders/issued-invoices.ts';
import { Mailbox } from '#test/builders/mailbox.ts';
import { type MemoryTable, memoryTable } from '#test/builders/memory-table.ts';
import { readPdf, textOf } from '../document/read-pdf.ts';

/** What the functions work with in the test that is running. */
const here = vi.hoisted((): { table?: MemoryTable; mailbox?: Mailbox; start?: StartStatement } => ({}));

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
vi.mock('#shared/statement/statement-client.ts', () => ({
  statementStarter: () => (order: Parameters<StartStatement>[0]) => here.start?.(order),
}));

process.env['PUBLIC_URL'] = 'https://o2c.albion.example';
process.env['COMPANY'] = JSON.stringify(aCompany());
process.env['SENDER_ADDRESS'] = 'billing@albion.example';

const [statements, sendStatement] = await Promise.all([
  import('../../../functions/schedule/statements.ts'),
  import('../../../functions/workflow/send-statement.ts'),
]);

const customers = ['cus_a', 'cus_b', 'cus_c'].map((id) => CustomerId.parse(id));
let table: MemoryTable;
let mailbox: Mailbox;

/** Three customers with an invoice of 3 March each, and one that never bought anything. */
beforeEach(async () => {
  table = here.table = memoryTable();
  mailbox = here.mailbox = new Mailbox();
  await keepCustomer(table, aCustomer({ customerId: 'cus_quiet' }));
  for (const [index, customerId] of customers.entries()) {
    const language = customerId === 'cus_c' ? 'de' : 'en';
    const customer = aCustomer({ customerId, email: `${customerId}@harbour.example`, language });
    await keepCustomer(table, customer);
    const draft = aDraft({ customer, shipment: { customerId, shipmentId: shipmentIdOf(index + 1) } });
    await claimCredit(table, draft);
    await issue(table, draft);
  }
});

const order = (customerId: string) => ({
  customerId,
  from: '2026-03-01',
  to: '2026-03-31',
  at: '2026-04-01T06:00:05.000Z',
});

describe('the monthly statements', () => {
  // 07:00 in London on 1 April.
  const event = { scheduledTime: '2026-04-01T06:00:00Z' };

  it('start for every customer with something to state, five a second', async () => {
    const started: Parameters<StartStatement>[0][] = [];
    here.start = async (given) => void started.push(given);
    expect(await statements.handler(event)).toEqual({ month: '2026-03', customers: 3 });
    expect(started).toEqual(
      customers.map((customerId) => ({
        customerId,
        from: '2026-03-01',
        to: '2026-03-31',
        notBefore: '2026-04-01T06:00:00.000Z',
      })),
    );
  });

  it('that could not be started fail the run, the others set out', async () => {
    const started: string[] = [];
    here.start = async ({ customerId }) => {
      if (customerId === 'cus_b') throw new Error('throttled');
      started.push(customerId);
    };
    await expect(statements.handler(event)).rejects.toThrow('1 of 3 failed');
    expect(started).toEqual(['cus_a', 'cus_c']);
  });
});

describe('a statement', () => {
  it('is mailed with the month and what is open as PDF, in the language of the customer', async () => {
    expect(await sendStatement.handler(order('cus_a'))).toEqual({ sent: true });
    expect(await sendStatement.handler(order('cus_c'))).toEqual({ sent: true });
    const [english, german] = await mailbox.read();
    expect(english).toMatchObject({
      to: [{ address: 'cus_a@harbour.example' }],
      subject: 'Statement of account for March 2026 from Albion Gifts',
      attachments: [
        { filename: 'statement-2026-03.pdf', mimeType: 'application/pdf' },
        { filename: 'open-items-2026-04-01.pdf', mimeType: 'application/pdf' },
      ],
    });
    expect(english?.text).toContain('GBP 64.80');
    expect(english?.html).toContain('https://o2c.albion.example/portal/cus_a.2026-05-16.');
    expect(german?.subject).toBe('Kontoauszug März 2026 von Albion Gifts');
    const file = german?.attachments[1]?.content;
    const pages = readPdf(file instanceof ArrayBuffer ? Buffer.from(file) : Buffer.alloc(0));
    expect(textOf(pages[0])).toContain('Offene Posten');
    const receivable = (await loadAccount(table, CustomerId.parse('cus_c')))?.receivable;
    expect([receivable, textOf(pages[0])]).toEqual([6_480, expect.stringContaining('GBP 64,80')]);
  });

  it('is mailed once, however often a run is killed and begun again', async () => {
    await sendStatement.handler(order('cus_a'));
    mailbox.refuse('throttled');
    await expect(sendStatement.handler(order('cus_b'))).rejects.toThrow('throttled');
    mailbox.failure = undefined;
    for (const customerId of customers) await sendStatement.handler(order(customerId));
    for (const customerId of customers) {
      expect(await sendStatement.handler({ ...order(customerId), at: '2026-04-02T06:00:00.000Z' })).toEqual({
        sent: false,
      });
    }
    expect(mailbox.sent.map(({ to }) => to[0])).toEqual(
      ['cus_a', 'cus_b', 'cus_c'].map((id) => `${id}@harbour.example`),
    );
  });

  it('that may have left waits for a person', async () => {
    mailbox.failure = new Error('socket hang up');
    await expect(sendStatement.handler(order('cus_a'))).rejects.toThrow(MailUncertain);
    mailbox.failure = undefined;
    await expect(sendStatement.handler(order('cus_a'))).rejects.toThrow(MailUncertain);
  });
});
