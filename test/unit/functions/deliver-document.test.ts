import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Delivery } from '#shared/delivery/delivery.ts';
import type * as WebhookClient from '#shared/delivery/webhook-client.ts';
import { webhookSecretOf } from '#shared/delivery/webhook-secret.ts';
import { loadTimeline } from '#shared/fact/timeline-store.ts';
import { saveOpenItem } from '#shared/invoice/invoice-store.ts';
import { CustomerId } from '#shared/kernel/ids.ts';
import type * as SesClient from '#shared/mail/ses-client.ts';
import { keys } from '#shared/table/keys.ts';
import { chunkActions } from '#shared/table/line-chunks.ts';
import { aCompany } from '#test/builders/company.ts';
import { aCustomer, anAccount } from '#test/builders/customer.ts';
import { send } from '#test/builders/http-event.ts';
import { anInvoice, anOpenItem, INVOICE_ID, SELLER_ID } from '#test/builders/invoice.ts';
import { issuedFact } from '#test/builders/issued-fact.ts';
import { Mailbox } from '#test/builders/mailbox.ts';
import { type MemoryTable, memoryTable } from '#test/builders/memory-table.ts';
import { anOrderLine } from '#test/builders/order.ts';

type Message = WebhookClient.WebhookMessage;

/** What the functions work with in the test that is running. */
const here = vi.hoisted(
  (): { table?: MemoryTable; mailbox?: Mailbox; posted: Message[]; answers: (number | Error)[] } => ({
    posted: [],
    answers: [],
  }),
);

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
vi.mock('#shared/http/log-line.ts', () => ({ logLine: () => {}, errorFields: () => ({}) }));
vi.mock('#shared/delivery/webhook-client.ts', async (original) => ({
  ...(await original<typeof WebhookClient>()),
  webhookPoster: () => async (message: Message) => {
    here.posted.push(message);
    const answer = here.answers.shift() ?? 200;
    if (answer instanceof Error) throw answer;
    return answer;
  },
}));

process.env['COMPANY'] = JSON.stringify(aCompany());
process.env['SENDER_ADDRESS'] = 'billing@albion.example';
process.env['PUBLIC_URL'] = 'https://o2c.albion.example';

const [deliverDocument, mailFeedback, invoices, webhookSecret] = await Promise.all([
  import('../../../functions/events/deliver-document.ts'),
  import('../../../functions/events/mail-feedback.ts'),
  import('../../../functions/http/invoices.ts'),
  import('../../../functions/http/webhook-secret.ts'),
]);

let table: MemoryTable;
let mailbox: Mailbox;

async function given(customer: Parameters<typeof aCustomer>[0] = {}): Promise<void> {
  await table.transact([
    { do: 'put', item: { ...keys.seller(SELLER_ID), company: aCompany() } },
    { do: 'put', item: { ...keys.invoice(INVOICE_ID), ...anInvoice() } },
    ...chunkActions((chunk) => keys.invoiceLines(INVOICE_ID, chunk), [anOrderLine()]),
    saveOpenItem(anOpenItem(), 'absent'),
    { do: 'put', item: { ...keys.customer('cus_harbour'), ...aCustomer(customer) } },
    { do: 'put', item: { ...keys.account('cus_harbour'), ...anAccount() } },
  ]);
}

beforeEach(() => {
  table = here.table = memoryTable();
  mailbox = here.mailbox = new Mailbox();
  here.posted = [];
  here.answers = [];
});

const issued = () => deliverDocument.handler({ detail: issuedFact() });

async function delivery(): Promise<Delivery> {
  const item = await table.get(keys.delivery(INVOICE_ID));
  const { PK: _pk, SK: _sk, DPK: _dpk, DSK: _dsk, due: _due, ...found } = item ?? { PK: '', SK: '' };
  return Delivery.parse(found);
}
const openItem = () => table.get(keys.openItem(INVOICE_ID));
const factsOfDelivery = () =>
  table
    .changes()
    .flatMap(({ after }) => (after?.SK.startsWith('FACT#delivery-') ? [String(after['type'])] : []));

const staff = { sub: 'fiona', name: 'Fiona Finance', roles: ['finance'] } as const;
const resend = (body: Record<string, unknown>, key: string, at = '2026-04-01T09:00:00.000Z') =>
  send(invoices.handler, 'resendInvoice', {
    as: staff,
    params: { invoiceId: INVOICE_ID },
    body,
    at,
    headers: { 'idempotency-key': key },
  });
const queue = async () => {
  const { json } = await send(invoices.handler, 'listUndeliveredInvoices', { as: staff });
  return json;
};
/** Carries out the request that was recorded last, as its fact on the bus has it done. */
async function carryOut(): Promise<{ status: string }> {
  const fact = table
    .changes()
    .map(({ after }) => after)
    .findLast((item) => item?.['type'] === 'invoice.delivery_requested');
  const { PK: _pk, SK: _sk, ...detail } = fact ?? { PK: '', SK: '' };
  return deliverDocument.handler({ detail });
}

function sesEvent(type: 'Bounced' | 'Delivered' | 'Complaint Received', messageId: string, detail = {}) {
  return {
    version: '0',
    id: 'e1',
    source: 'aws.ses',
    'detail-type': `Email ${type}`,
    time: '2026-03-03T14:05:00Z',
    detail: {
      mail: {
        messageId,
        destination: ['orders@harbour.example'],
        tags: {
          'ses:configuration-set': ['o2c-dev'],
          mail: [Buffer.from(INVOICE_ID).toString('base64url')],
          customer: ['cus_harbour'],
          document: [INVOICE_ID],
        },
      },
      ...detail,
    },
  };
}
const hardBounce = (messageId = 'ses-1') =>
  sesEvent('Bounced', messageId, {
    bounce: {
      bounceType: 'Permanent',
      bounceSubType: 'General',
      bouncedRecipients: [
        { emailAddress: 'orders@harbour.example', diagnosticCode: 'smtp; 550 5.1.1 user unknown' },
      ],
    },
  });

describe('an invoice by mail', () => {
  it('is sent with tags that name it, delivered when SES says so', async () => {
    await given();
    expect(await issued()).toEqual({ status: 'sent' });
    expect(mailbox.sent[0]?.tags).toEqual({
      mail: Buffer.from(INVOICE_ID).toString('base64url'),
      customer: 'cus_harbour',
      document: INVOICE_ID,
    });
    await mailFeedback.handler(sesEvent('Delivered', 'ses-1'));
    expect(await delivery()).toMatchObject({
      status: 'delivered',
      deliveredAt: '2026-03-03T14:05:00.000Z',
      channel: { by: 'mail', to: 'orders@harbour.example' },
      version: 2,
    });
    expect(factsOfDelivery()).toEqual(['invoice.sent', 'invoice.delivered']);
    expect(await openItem()).toMatchObject({ status: 'open', nextActionAt: '2026-04-08T23:00:00.000Z' });
  });

  it('is told as delivered after it was sent, though the bus cuts the second off', async () => {
    await given();
    await issued();
    await mailFeedback.handler({ ...sesEvent('Delivered', 'ses-1'), time: '2026-03-03T14:00:00Z' });
    const timeline = await loadTimeline(table, [INVOICE_ID]);
    expect(timeline.map(({ type }) => type)).toEqual(['invoice.sent', 'invoice.delivered']);
    expect(timeline[1]?.at).toBe(timeline[0]?.at);
  });

  it('costs two writes of its own the first time, and its open item is not read', async () => {
    await given();
    await issued();
    expect(await delivery()).toMatchObject({
      status: 'sent',
      request: 1,
      attempts: [{ messageId: 'ses-1' }],
    });
    expect(factsOfDelivery()).toEqual(['invoice.sent']);
  });

  it('that was sent, but not written down, is written down the second time', async () => {
    await given();
    await issued();
    await table.write({ do: 'delete', key: keys.delivery(INVOICE_ID) });
    await table.write({ do: 'delete', key: keys.fact(INVOICE_ID, 'delivery-000001') });
    expect(await issued()).toEqual({ status: 'sent' });
    expect(mailbox.sent).toHaveLength(1);
    expect(await delivery()).toMatchObject({ status: 'sent', attempts: [{ messageId: 'ses-1' }] });
  });

  it('that the mail service refuses is tried three times, then waits for a person and is not reminded of', async () => {
    await given();
    mailbox.refuse('MessageRejected');
    await expect(issued()).rejects.toThrow('MessageRejected');
    expect(await queue()).toMatchObject({ items: [{ documentId: INVOICE_ID, status: 'pending' }] });
    await expect(issued()).rejects.toThrow('MessageRejected');
    expect(await issued()).toEqual({ status: 'failed' });
    expect(await queue()).toMatchObject({
      items: [{ documentId: INVOICE_ID, status: 'failed', by: 'mail' }],
    });
    const paused = await openItem();
    expect(paused).toMatchObject({ status: 'open', paused: 'undelivered' });
    expect(paused?.['DPK']).toContain('QUEUE#paused#');
    expect(paused).not.toHaveProperty('nextActionAt');
    expect(factsOfDelivery()).toEqual(['invoice.undelivered']);
  });
});

describe('an invoice that bounces', () => {
  beforeEach(async () => {
    await given();
    await issued();
    await mailFeedback.handler(hardBounce());
  });

  it('stands in the queue, and nobody is reminded of it', async () => {
    expect(await queue()).toEqual({
      items: [
        {
          documentId: INVOICE_ID,
          number: 'INV-2026-000001',
          customerId: 'cus_harbour',
          status: 'bounced',
          by: 'mail',
          to: 'orders@harbour.example',
          reason: 'Permanent bounce, General: smtp; 550 5.1.1 user unknown',
          since: '2026-03-03T14:05:00.000Z',
        },
      ],
    });
    expect(await openItem()).toMatchObject({ paused: 'undelivered' });
    expect(await table.get(keys.mail('cus_harbour', INVOICE_ID))).toMatchObject({
      status: 'sent',
      bounced: { reason: expect.stringContaining('550') },
    });
    const { json } = await send(invoices.handler, 'getInvoice', {
      as: staff,
      params: { invoiceId: INVOICE_ID },
    });
    expect(json).toMatchObject({
      paused: 'undelivered',
      delivery: { status: 'bounced', to: 'orders@harbour.example', attempts: [{ outcome: 'sent' }, {}] },
    });
  });

  it('is sent again where it is asked for, and reminded of a week later at the earliest', async () => {
    const first = await resend({ email: 'accounts@harbour.example' }, 'again-1', '2026-04-06T09:00:00.000Z');
    expect(first).toMatchObject({
      status: 202,
      json: { documentId: INVOICE_ID, request: 2, by: 'mail', to: 'accounts@harbour.example' },
    });
    expect(await carryOut()).toEqual({ status: 'sent' });
    expect((await mailbox.read()).map(({ to }) => to?.[0]?.address)).toEqual([
      'orders@harbour.example',
      'accounts@harbour.example',
    ]);
    expect(await queue()).toEqual({ items: [] });
    const resumed = await openItem();
    // Planned for 9 April; 6 April and seven days is later. Midnight of 13 April in London is 23:00 UTC.
    expect(resumed).toMatchObject({ status: 'open', nextActionAt: '2026-04-12T23:00:00.000Z' });
    expect(resumed).not.toHaveProperty('paused');
    expect(resumed?.['DPK']).toContain('QUEUE#collect#');

    const repeated = await resend(
      { email: 'accounts@harbour.example' },
      'again-1',
      '2026-04-06T09:01:00.000Z',
    );
    expect(repeated).toMatchObject({ status: 202, json: first.json });
    expect(repeated.headers).toMatchObject({ 'idempotency-replayed': 'true' });
    expect(await carryOut()).toEqual({ status: 'sent' });
    expect(mailbox.sent).toHaveLength(2);
  });

  it('is reminded of as planned when that is later than a week after', async () => {
    await resend({}, 'again-2', '2026-03-04T09:00:00.000Z');
    await carryOut();
    expect(await openItem()).toMatchObject({ nextActionAt: '2026-04-08T23:00:00.000Z' });
  });

  it('may bounce again', async () => {
    await resend({}, 'again-3');
    await carryOut();
    await mailFeedback.handler(hardBounce('ses-2'));
    expect(await delivery()).toMatchObject({ status: 'bounced', request: 2 });
    expect(await openItem()).toMatchObject({ paused: 'undelivered' });
  });

  it('changes nothing when the bounce is told twice, or a late one of a message that was sent again', async () => {
    await mailFeedback.handler(hardBounce());
    expect(factsOfDelivery()).toEqual(['invoice.sent', 'invoice.undelivered']);
    await resend({}, 'again-4');
    await carryOut();
    await mailFeedback.handler(hardBounce('ses-1'));
    expect((await delivery()).status).toBe('sent');
  });

  it('keeps its disputed state, and is not reminded of when that is settled', async () => {
    const params = { invoiceId: INVOICE_ID };
    const key = (name: string) => ({ headers: { 'idempotency-key': name } });
    await send(invoices.handler, 'disputeInvoice', {
      as: staff,
      params,
      body: { reason: 'wrong price' },
      ...key('d1'),
    });
    expect(await openItem()).toMatchObject({ status: 'disputed', paused: 'undelivered' });
    await send(invoices.handler, 'resolveDispute', {
      as: staff,
      params,
      body: { resolution: 'right price' },
      ...key('d2'),
    });
    const settled = await openItem();
    expect(settled).toMatchObject({ status: 'open', paused: 'undelivered' });
    expect(settled).not.toHaveProperty('nextActionAt');
  });

  it('can not be sent by a way the customer has not', async () => {
    expect(await resend({ by: 'peppol' }, 'again-5')).toMatchObject({
      status: 422,
      json: { code: 'validation_failed' },
    });
  });
});

describe('what SES tells', () => {
  it('of a full mailbox is a bounce, of an out-of-office answer is not', async () => {
    await given();
    await issued();
    const transient = (bounceSubType: string) =>
      sesEvent('Bounced', 'ses-1', { bounce: { bounceType: 'Transient', bounceSubType } });
    expect(await mailFeedback.handler(transient('General'))).toEqual({ outcome: 'noted' });
    expect((await delivery()).status).toBe('sent');
    await mailFeedback.handler(transient('MailboxFull'));
    expect((await delivery()).status).toBe('bounced');
  });

  it('of a complaint stops the reminders', async () => {
    await given();
    await issued();
    await mailFeedback.handler(sesEvent('Delivered', 'ses-1'));
    const complaint = { complaint: { complaintFeedbackType: 'abuse' } };
    await mailFeedback.handler(sesEvent('Complaint Received', 'ses-1', complaint));
    expect(await delivery()).toMatchObject({ status: 'bounced', reason: 'complained of as abuse' });
  });

  it('of a mail that nobody here sent is left alone', async () => {
    const event = sesEvent('Delivered', 'ses-9');
    const foreign = { ...event, detail: { mail: { messageId: 'ses-9', tags: {} } } };
    expect(await mailFeedback.handler(foreign)).toEqual({ outcome: 'not ours' });
  });

  it('before the sending is written down is waited for', async () => {
    await given();
    const told = mailFeedback.handler(sesEvent('Delivered', 'ses-1'));
    await issued();
    expect(await told).toEqual({ outcome: 'delivered' });
  });
});

describe('an invoice by webhook', () => {
  const url = 'https://erp.harbour.example/invoices';
  const byWebhook = { invoiceDelivery: { by: 'webhook', url, format: 'json' } } as const;

  it('is posted with its id and signed over time and body with the secret that the API tells', async () => {
    await given(byWebhook);
    expect(await issued()).toEqual({ status: 'delivered' });
    const [message] = here.posted;
    expect(message?.url).toBe(url);
    expect(message?.headers).toMatchObject({
      'content-type': 'application/json',
      'o2c-delivery-id': `${INVOICE_ID}.1`,
    });
    expect(JSON.parse(String(message?.body))).toMatchObject({
      kind: 'invoice',
      number: 'INV-2026-000001',
      lines: [{ sku: 'MUG-1' }],
    });
    const told = await send(webhookSecret.handler, 'getWebhookSecret', {
      as: { sub: 'c1', roles: ['customer'], customerId: 'cus_harbour' },
      params: { customerId: 'cus_harbour' },
    });
    const secret = webhookSecretOf('s'.repeat(64), CustomerId.parse('cus_harbour'), 1);
    expect(told.json).toEqual({ secret, version: 1 });
    const [, seconds = '', digest] = /^t=(\d+),v1=(\w+)$/.exec(message?.headers['o2c-signature'] ?? '') ?? [];
    const expected = createHmac('sha256', secret)
      .update(`${seconds}.${String(message?.body)}`)
      .digest('hex');
    expect(digest).toBe(expected);
    expect(mailbox.sent).toEqual([]);
    expect(factsOfDelivery()).toEqual(['invoice.delivered']);
  });

  it('is not told its secret to another customer', async () => {
    await given(byWebhook);
    const told = await send(webhookSecret.handler, 'getWebhookSecret', {
      as: { sub: 'c2', roles: ['customer'], customerId: 'cus_other' },
      params: { customerId: 'cus_harbour' },
    });
    expect(told.status).toBe(404);
  });

  it('that is down is tried again under the same id', async () => {
    await given(byWebhook);
    here.answers = [503, new Error('socket hang up'), 204];
    await expect(issued()).rejects.toThrow('status 503');
    await expect(issued()).rejects.toThrow('socket hang up');
    expect(await issued()).toEqual({ status: 'delivered' });
    expect(new Set(here.posted.map(({ headers }) => headers['o2c-delivery-id']))).toEqual(
      new Set([`${INVOICE_ID}.1`]),
    );
    expect(await queue()).toEqual({ items: [] });
    expect((await delivery()).attempts.map(({ outcome }) => outcome)).toEqual([
      'failed',
      'failed',
      'delivered',
    ]);
  });

  it.each([302, 400, 404, 410])(
    'that answers with %i is not tried again, but waits for a person',
    async (status) => {
      await given(byWebhook);
      here.answers = [status];
      expect(await issued()).toEqual({ status: 'failed' });
      expect(here.posted).toHaveLength(1);
      expect(await queue()).toMatchObject({ items: [{ by: 'webhook', to: url, status: 'failed' }] });
      expect(await openItem()).toMatchObject({ paused: 'undelivered' });
    },
  );
});
