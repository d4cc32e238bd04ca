import { beforeEach, describe, expect, it } from 'vitest';
import { CustomerId } from '#shared/kernel/ids.ts';
import { Instant } from '#shared/kernel/time.ts';
import { mailClaims } from '#shared/mail/mail-store.ts';
import { MailUncertain, type OutgoingMail, sendOnce } from '#shared/mail/send-once.ts';
import { MailRefused } from '#shared/mail/ses-client.ts';
import { Mailbox } from '#test/builders/mailbox.ts';
import { memoryTable } from '#test/builders/memory-table.ts';

const at = Instant.parse('2026-04-08T07:00:00.000Z');
const key = { PK: 'cus_acme', SK: 'MAIL#ord_01.000002' };
const mail: OutgoingMail = {
  mailId: 'ord_01.000002',
  customerId: CustomerId.parse('cus_acme'),
  kind: 'order.confirmed',
  from: 'orders@example.com',
  to: ['buyer@acme.example'],
  subject: 'Your order',
  raw: Buffer.from('Subject: Your order\r\n\r\nThank you'),
};

let table: ReturnType<typeof memoryTable>;
let sender: Mailbox;
beforeEach(() => {
  table = memoryTable();
  sender = new Mailbox();
});
const send = (outgoing = mail) => sendOnce(mailClaims(table), sender, outgoing, at);

describe('a mail', () => {
  it('is sent, and stands in the communications of its customer', async () => {
    expect(await send()).toBe(true);
    expect(sender.sent).toMatchObject([{ from: 'orders@example.com', to: ['buyer@acme.example'] }]);
    expect(await table.get(key)).toEqual({
      ...key,
      mailId: 'ord_01.000002',
      customerId: 'cus_acme',
      kind: 'order.confirmed',
      to: ['buyer@acme.example'],
      subject: 'Your order',
      at: '2026-04-08T07:00:00.000Z',
      status: 'sent',
      sentAt: '2026-04-08T07:00:00.000Z',
      sesMessageId: 'ses-1',
    });
  });

  it('to the company itself is kept under finance', async () => {
    const { customerId: _, ...report } = mail;
    await send({ ...report, mailId: 'morning-report-2026-04-07', kind: 'morning_report' });
    expect(await table.get({ PK: 'finance', SK: 'MAIL#morning-report-2026-04-07' })).toMatchObject({
      status: 'sent',
    });
  });

  it('is not sent again when its event comes again', async () => {
    await send();
    expect(await send()).toBe(false);
    expect(sender.sent).toHaveLength(1);
  });

  it('is sent once by two deliveries at the same time; the one that loses comes again', async () => {
    const results = await Promise.allSettled([send(), send()]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(sender.sent).toHaveLength(1);
    expect(await send()).toBe(false);
  });

  it('that the service refused is tried again', async () => {
    sender.refuse('address is not verified');
    await expect(send()).rejects.toThrow(MailRefused);
    expect(await table.get(key)).toBeUndefined();

    sender.failure = undefined;
    expect(await send()).toBe(true);
    expect(sender.sent).toHaveLength(1);
  });

  it('that may have left is left to a person', async () => {
    sender.failure = new Error('socket hang up');
    await expect(send()).rejects.toThrow(MailUncertain);

    sender.failure = undefined;
    await expect(send()).rejects.toThrow(
      'mail ord_01.000002 was handed to the mail service and no answer was recorded',
    );
    expect(sender.sent).toHaveLength(0);
    expect(await table.get(key)).toMatchObject({ status: 'sending' });
  });

  it('that left just before its function died is not sent a second time', async () => {
    const claims = mailClaims(table);
    const dying = {
      ...claims,
      markSent: async () => {
        throw new Error('Task timed out');
      },
    };
    await expect(sendOnce(dying, sender, mail, at)).rejects.toThrow('Task timed out');
    await expect(send()).rejects.toThrow(MailUncertain);
    expect(sender.sent).toHaveLength(1);
  });
});
