import { beforeEach, describe, expect, it } from 'vitest';
import { type FactType, parseFact } from '#shared/fact/fact.ts';
import { saveOpenItem } from '#shared/invoice/invoice-store.ts';
import type { InvoiceId } from '#shared/kernel/ids.ts';
import { writeMailAbout } from '#shared/mail/fact-mail-store.ts';
import { mailClaims } from '#shared/mail/mail-store.ts';
import type { MailedFact } from '#shared/mail/mailed-facts.ts';
import { mailedFacts } from '#shared/mail/mailed-facts.ts';
import { post } from '#shared/mail/post-office.ts';
import { keys } from '#shared/table/keys.ts';
import { chunkActions } from '#shared/table/line-chunks.ts';
import { aCompany } from '#test/builders/company.ts';
import { aCustomer, aProduct } from '#test/builders/customer.ts';
import { anOpenItem, INVOICE_ID } from '#test/builders/invoice.ts';
import { Mailbox } from '#test/builders/mailbox.ts';
import { memoryTable } from '#test/builders/memory-table.ts';
import { anOrder, anOrderLine, aShipment, ORDER_ID, SHIPMENT_ID } from '#test/builders/order.ts';

const company = aCompany();
const money = { currency: 'GBP', gross: 6_000 };

function aFact(type: FactType, data: Record<string, unknown>): MailedFact {
  return parseFact(mailedFacts, {
    id: `${ORDER_ID}.000002`,
    type,
    version: 1,
    at: '2026-04-09T07:00:00.000Z',
    subject: ORDER_ID,
    slot: '000002',
    customerId: 'cus_harbour',
    actor: 'test',
    data,
  });
}

let table: ReturnType<typeof memoryTable>;
let mailbox: Mailbox;
beforeEach(async () => {
  table = memoryTable();
  mailbox = new Mailbox();
  const order = anOrder({ status: 'shipped', poNumber: 'PO-7' });
  const shipment = aShipment();
  await table.write({ do: 'put', item: { ...keys.customer('cus_harbour'), ...aCustomer() } });
  await table.write({ do: 'put', item: { ...keys.order(ORDER_ID), ...order } });
  await table.write({ do: 'put', item: { ...keys.shipment(ORDER_ID, SHIPMENT_ID), ...shipment } });
  await table.transact(chunkActions((chunk) => keys.orderLines(ORDER_ID, chunk), [anOrderLine()]));
});

/** The mail about `fact`, as its reader gets it. */
async function mailAbout(fact: MailedFact) {
  const payUrlOf = (invoiceId: InvoiceId) => `https://pay.example/${invoiceId}`;
  const portalUrlOf = ({ customerId, until }: { customerId: string; until: string }) =>
    `https://portal.example/${customerId}/${until}`;
  const satisfactionUrlOf = () => 'https://api.example/satisfaction';
  const mail = await writeMailAbout(table, fact, { company, payUrlOf, portalUrlOf, satisfactionUrlOf });
  const office = {
    claims: mailClaims(table),
    sender: mailbox,
    company,
    senderAddress: 'noreply@albion.example',
  };
  if (mail) await post(office, mail, fact.at);
  const [email] = await mailbox.read();
  return email;
}

describe('a mail about an order', () => {
  it('that was sold over the counter is not written: the goods are gone with the customer', async () => {
    const sold = anOrder({ status: 'confirmed', channel: 'counter' });
    await table.write({ do: 'put', item: { ...keys.order(ORDER_ID), ...sold } });
    const confirmed = { orderId: ORDER_ID, policyVersion: 'counter-sale', reasons: [], ...money };
    expect(await mailAbout(aFact('order.confirmed', confirmed))).toBeUndefined();
    const dispatched = {
      orderId: ORDER_ID,
      shipmentId: SHIPMENT_ID,
      units: 4,
      complete: true,
      stock: 'moved',
    };
    expect(await mailAbout(aFact('shipment.dispatched', dispatched))).toBeUndefined();
    const cancelled = { orderId: ORDER_ID, reason: 'out of hours', stock: 'moved', ...money };
    expect((await mailAbout(aFact('order.cancelled', cancelled)))?.subject).toContain('cancelled');
  });

  it('that is confirmed comes from the company to the customer, with its lines', async () => {
    const email = await mailAbout(
      aFact('order.confirmed', { orderId: ORDER_ID, policyVersion: 'shipped-1', reasons: [], ...money }),
    );
    expect(email).toMatchObject({
      from: { name: 'Albion Gifts', address: 'noreply@albion.example' },
      to: [{ address: 'orders@harbour.example' }],
      replyTo: [{ address: 'accounts@example.com' }],
      subject: 'Order PO-7 confirmed',
      messageId: `<${ORDER_ID}.000002@albion.example>`,
      date: '2026-04-09T07:00:00.000Z',
    });
    expect(email?.text).toContain('Mug, blue glaze');
    expect(email?.headers).toContainEqual(
      expect.objectContaining({ key: 'auto-submitted', value: 'auto-generated' }),
    );
  });

  it('that is held gives the reason', async () => {
    const reasons = [{ code: 'credit_limit_exceeded', detail: 'limit GBP 50.00' }];
    const email = await mailAbout(aFact('order.held', { orderId: ORDER_ID, reasons, ...money }));
    expect(email?.subject).toBe('Order PO-7 is being reviewed');
    expect(email?.text).toContain('credit limit');
  });

  it('that is rejected says what is missing', async () => {
    const reasons = [{ code: 'insufficient_stock', detail: 'MUG-1: 4 wanted, 1 available.' }];
    const email = await mailAbout(
      aFact('order.rejected', { orderId: ORDER_ID, reasons, stock: 'pending', ...money }),
    );
    expect(email?.subject).toBe('Order PO-7 could not be accepted');
    expect(email?.text?.replaceAll(/\s+/g, ' ')).toContain('MUG-1: 4 wanted, 1 available.');
  });

  it('that is cancelled says why', async () => {
    const email = await mailAbout(
      aFact('order.cancelled', { orderId: ORDER_ID, reason: 'ordered twice', stock: 'moved', ...money }),
    );
    expect(email?.subject).toBe('Order PO-7 cancelled');
    expect(email?.text).toContain('ordered twice');
  });

  const change = { orderId: ORDER_ID, currency: 'GBP', gross: { from: 6_000, to: 4_500 } };
  const fewer = [{ line: 1, sku: 'MUG-1', from: 4, to: 3 }];

  it('that was changed says what of it, to what it comes now, and that it is looked at again', async () => {
    const shipTo = { to: { lines: ['Dock 4'], city: 'Hull', postalCode: 'HU1 1AA', country: 'GB' } };
    const requestedOn = { from: '2026-03-20', to: '2026-03-25' };
    const email = await mailAbout(
      aFact('order.amended', { ...change, status: 'placed', lines: fewer, shipTo, requestedOn }),
    );
    expect(email?.subject).toBe('Order PO-7 changed');
    const text = email?.text?.replaceAll(/\s+/g, ' ');
    for (const part of [
      'Mug, blue glaze (MUG-1)',
      'GBP 60.00',
      'GBP 45.00',
      'Dock 4',
      '25 March 2026',
      'once more',
    ])
      expect(text).toContain(part);
  });

  it('some of whose units were cancelled says which and why, in German to who reads German', async () => {
    const german = aCustomer({ language: 'de' });
    await table.write({ do: 'put', item: { ...keys.customer('cus_harbour'), ...german } });
    const email = await mailAbout(
      aFact('order.lines_cancelled', {
        ...change,
        status: 'shipped',
        lines: fewer,
        reason: 'nicht lieferbar',
      }),
    );
    expect(email?.subject).toBe('Auftrag PO-7 geändert');
    expect(email?.text).toContain('nicht lieferbar');
    expect(email?.text).not.toContain('noch einmal');
  });

  it('that is on its way gives the tracking number', async () => {
    const email = await mailAbout(
      aFact('shipment.dispatched', {
        orderId: ORDER_ID,
        shipmentId: SHIPMENT_ID,
        units: 4,
        complete: true,
        stock: 'moved',
      }),
    );
    expect(email?.subject).toBe('Order PO-7 is on its way');
    expect(email?.text).toContain('RM123456785GB');
  });

  it('can not be written while the order is not to be found', async () => {
    const other = 'ord_01k0000000000000000000000z';
    const fact = aFact('order.cancelled', {
      orderId: other,
      reason: 'ordered twice',
      stock: 'moved',
      ...money,
    });
    await expect(mailAbout(fact)).rejects.toThrow(`${other} is not to be found`);
    expect(mailbox.sent).toEqual([]);
  });
});

describe('a reminder', () => {
  it('names each invoice, its days overdue and where to pay it', async () => {
    const invoice = { invoiceId: INVOICE_ID, number: 'INV-2026-000001', dueOn: '2026-04-02', balance: 6_000 };
    const email = await mailAbout(
      aFact('account.reminded', {
        step: 1,
        stepName: 'first reminder',
        currency: 'GBP',
        invoices: [invoice],
      }),
    );
    expect(email?.subject).toBe('Reminder: invoice INV-2026-000001 is overdue');
    expect(email?.text).toContain('7 days');
    expect(email?.text).toContain('GBP 60.00');
    expect(email?.html).toContain(`https://pay.example/${INVOICE_ID}`);
    // For 45 days.
    expect(email?.html).toContain('https://portal.example/cus_harbour/2026-05-24');
  });
});

describe('a receipt', () => {
  const PAYMENT_ID = 'pay_01kr0a4c6e8g0j2k4m6n8q0s2v';
  const data = {
    paymentId: PAYMENT_ID,
    method: 'bank_transfer',
    currency: 'GBP',
    amount: 7_000,
    unapplied: 1_120,
    allocations: [{ invoiceId: INVOICE_ID, amount: 5_880, discount: 120 }],
    reference: 'HARBOUR MARCH',
  };
  const received = (overrides: Record<string, unknown> = {}) =>
    aFact('payment.received', { ...data, ...overrides });
  const saveCustomer = (overrides: Record<string, unknown>) =>
    table.write({ do: 'put', item: { ...keys.customer('cus_harbour'), ...aCustomer(), ...overrides } });

  beforeEach(async () => {
    const recorded = { recordedAt: '2026-04-09T07:00:00.000Z', recordedBy: 'ada', receivedOn: '2026-04-08' };
    const payment = { ...data, customerId: 'cus_harbour', ...recorded, version: 1 };
    await table.write({ do: 'put', item: { ...keys.payment(PAYMENT_ID), ...payment } });
    await table.write(saveOpenItem(anOpenItem({ status: 'paid' }), 'absent'));
  });

  it('says what came in, what it settled, what was taken off and what is left', async () => {
    const email = await mailAbout(received());
    expect(email?.subject).toBe('Payment received: GBP 70.00');
    const text = email?.text?.replaceAll(/\s+/g, ' ');
    for (const said of [
      '8 April 2026',
      'Bank transfer',
      'HARBOUR MARCH',
      'INV-2026-000001',
      'GBP 58.80',
      'GBP 1.20',
      'GBP 11.20 of it is not set against an invoice yet',
    ])
      expect(text).toContain(said);
  });

  it("comes in the customer's language, without what there is not", async () => {
    await saveCustomer({ language: 'de' });
    const whole = [{ invoiceId: INVOICE_ID, amount: 7_000 }];
    const email = await mailAbout(received({ unapplied: 0, allocations: whole, reference: PAYMENT_ID }));
    expect(email?.subject).toBe('Zahlung eingegangen: GBP 70,00');
    expect(email?.text).toContain('Überweisung');
    for (const unsaid of ['Skonto', 'gutgeschrieben', PAYMENT_ID]) expect(email?.text).not.toContain(unsaid);
  });

  it('is not sent over the counter, nor where the customer or the company wants none', async () => {
    expect(await mailAbout(received({ channel: 'counter' }))).toBeUndefined();
    await saveCustomer({ receipts: false });
    expect(await mailAbout(received())).toBeUndefined();
    await saveCustomer({});
    const key = keys.policy('remittance', '2026-04-01.01');
    await table.write({ do: 'put', item: { ...key, policy: { receipts: false }, at: '', actor: '' } });
    expect(await mailAbout(received())).toBeUndefined();
    expect(mailbox.sent).toEqual([]);
  });
});

describe('word of a refund', () => {
  const data = {
    paymentId: 'pay_01kr0a4c6e8g0j2k4m6n8q0s2v',
    method: 'bank_transfer',
    currency: 'GBP',
    amount: 6_000,
    refunded: 6_000,
    unapplied: 0,
    reason: 'Paid twice',
    reference: 'CN-2026-000001',
    transfer: { endToEndId: 'RI67MQVTC23JGSC', account: 'GB…5555' },
  };
  const refunded = (overrides: Record<string, unknown> = {}) =>
    aFact('payment.refunded', { ...data, ...overrides });

  it('says how much comes back, which way and to which account', async () => {
    const email = await mailAbout(refunded());
    expect(email?.subject).toBe('Refund of GBP 60.00');
    for (const said of ['by bank transfer', 'GB…5555', 'CN-2026-000001']) expect(email?.text).toContain(said);
    // What staff wrote down as the reason is theirs.
    expect(email?.text).not.toContain('Paid twice');
  });

  it('says so of a credit note, too', async () => {
    const creditNoteId = 'crn_01kr0a4c6e8g0j2k4m6n8q0s2v';
    const { transfer: _, ...card } = { ...data, creditNoteId, method: 'card' };
    const paidOut = await mailAbout(aFact('credit_note.refunded', card));
    expect(paidOut?.text).toContain('the way you paid online');
  });

  it('is not sent of cash that was handed over, nor where the customer wants no receipts', async () => {
    expect(await mailAbout(refunded({ method: 'cash' }))).toBeUndefined();
    const customer = { ...keys.customer('cus_harbour'), ...aCustomer(), receipts: false };
    await table.write({ do: 'put', item: customer });
    expect(await mailAbout(refunded())).toBeUndefined();
    expect(mailbox.sent).toEqual([]);
  });
});

describe('the notice of a direct debit', () => {
  it('says what is debited, when, from where and by which mandate', async () => {
    const email = await mailAbout(
      aFact('direct_debit.announced', {
        directDebitId: 'ddb_01k0000000000000000000000e',
        collectOn: '2026-04-15',
        currency: 'EUR',
        amount: 6_000,
        mandateId: 'M-1042',
        account: 'DE…3000',
        creditorId: 'DE98ZZZ09999999999',
        invoices: [{ invoiceId: INVOICE_ID, number: 'INV-2026-000001', amount: 6_000 }],
      }),
    );
    expect(email?.subject).toBe('We will debit EUR 60.00 on 15 April 2026');
    for (const part of ['DE…3000', 'M-1042', 'DE98ZZZ09999999999', 'INV-2026-000001'])
      expect(email?.text).toContain(part);
  });
});

describe('the notice that stock runs low', () => {
  const low = { sku: 'MUG-1', warehouse: 'north', available: 4, reorderPoint: 5 };

  it('goes to whom the policy says, and to nobody where it says so', async () => {
    await table.write({ do: 'put', item: { ...keys.product('MUG-1'), ...aProduct({ sku: 'MUG-1' }) } });
    expect(await mailAbout(aFact('stock.low', low))).toBeUndefined();
    const policy = {
      warehouses: [
        { id: 'main', name: 'Bristol' },
        { id: 'north', name: 'Leeds' },
      ],
      lowStockRecipients: ['buying@harbour.example'],
    };
    const key = keys.policy('warehouses', '2026-04-01.01');
    await table.write({ do: 'put', item: { ...key, policy, at: '', actor: '' } });
    const email = await mailAbout(aFact('stock.low', low));
    expect(email?.to?.map(({ address }) => address)).toEqual(['buying@harbour.example']);
    expect(email?.subject).toBe('MUG-1 runs low in north: 4 available');
  });
});

describe('what the customer was sent', () => {
  it('is kept with it', async () => {
    await mailAbout(
      aFact('order.cancelled', { orderId: ORDER_ID, reason: 'ordered twice', stock: 'moved', ...money }),
    );
    expect(await table.get(keys.mail('cus_harbour', `${ORDER_ID}.000002`))).toMatchObject({
      kind: 'order.cancelled',
      to: ['orders@harbour.example'],
      subject: 'Order PO-7 cancelled',
      status: 'sent',
    });
  });
});
