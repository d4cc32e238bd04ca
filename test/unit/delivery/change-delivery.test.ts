import { describe, expect, it } from 'vitest';
import {
  newDelivery,
  recordFeedback,
  recordHandover,
  requestAgain,
  UnknownMessage,
} from '#shared/delivery/change-delivery.ts';
import { type Delivery, queuedOf } from '#shared/delivery/delivery.ts';
import { CustomerId, InvoiceId } from '#shared/kernel/ids.ts';
import { instant } from '#shared/kernel/time.ts';
import { INVOICE_ID } from '#test/builders/invoice.ts';

const at = instant('2026-03-03T14:00:05Z');
const later = instant('2026-03-03T15:00:00Z');
const mail = { by: 'mail', to: 'orders@harbour.example' } as const;
const fresh = newDelivery(
  {
    documentId: InvoiceId.parse(INVOICE_ID),
    number: 'INV-2026-000001',
    customerId: CustomerId.parse('cus_harbour'),
  },
  mail,
  at,
);

const sent = required(recordHandover(fresh, 1, { outcome: 'sent', messageId: 'ses-1' }, at));
const failed = { outcome: 'failed', detail: 'status 503' } as const;

function required(changed: Delivery | undefined): Delivery {
  if (!changed) throw new Error('nothing changed');
  return changed;
}

describe('handing a document over', () => {
  it('makes it sent, with the message by which feedback will name it', () => {
    expect(sent).toMatchObject({
      status: 'sent',
      sentAt: at,
      version: 1,
      attempts: [{ request: 1, by: 'mail', outcome: 'sent', messageId: 'ses-1' }],
    });
    expect(queuedOf(sent)).toBeUndefined();
  });

  it('is recorded once, however often the same request runs', () => {
    expect(recordHandover(sent, 1, { outcome: 'sent', messageId: 'ses-1' }, later)).toBeUndefined();
  });

  it('that fails is tried three times, in the queue all the while, then failed', () => {
    const first = required(recordHandover(fresh, 1, failed, at));
    expect(first.status).toBe('pending');
    expect(queuedOf(first)).toMatchObject({ status: 'pending', reason: 'status 503', since: at });
    const second = required(recordHandover(first, 1, failed, at));
    expect(second.status).toBe('pending');
    const third = required(recordHandover(second, 1, failed, at));
    expect(third).toMatchObject({ status: 'failed', reason: 'status 503', version: 3 });
  });

  it('that is refused is failed at once', () => {
    const refused = recordHandover(fresh, 1, { outcome: 'refused', detail: 'no such participant' }, at);
    expect(refused).toMatchObject({ status: 'failed', reason: 'no such participant' });
  });

  it('may succeed after it was given up', () => {
    const refused = required(recordHandover(fresh, 1, { outcome: 'refused', detail: 'status 404' }, at));
    expect(recordHandover(refused, 1, { outcome: 'delivered', messageId: 'x' }, later)).toMatchObject({
      status: 'delivered',
      deliveredAt: later,
    });
  });

  it('of a request that was superseded is noted and changes nothing', () => {
    const again = requestAgain(fresh, { ...mail, to: 'new@harbour.example' }, later);
    const noted = recordHandover(again, 1, { outcome: 'sent', messageId: 'ses-1' }, later);
    expect(noted).toMatchObject({ status: 'pending', request: 2, channel: { to: 'new@harbour.example' } });
  });

  it('keeps the last thirty attempts', () => {
    let delivery = fresh;
    for (let attempt = 0; attempt < 40; attempt++) {
      delivery = required(recordHandover(delivery, 1, { ...failed, detail: `try ${attempt}` }, at));
    }
    expect(delivery.attempts).toHaveLength(30);
    expect(delivery.attempts.at(-1)?.detail).toBe('try 39');
  });
});

describe('feedback on a mail', () => {
  const delivered = { outcome: 'delivered', messageId: 'ses-1', at: later } as const;
  const bounced = { outcome: 'bounced', messageId: 'ses-1', at: later, detail: '550 user unknown' } as const;

  it('says that it arrived', () => {
    expect(recordFeedback(sent, delivered)).toMatchObject({ status: 'delivered', deliveredAt: later });
  });

  it('is not delivered before it was sent, though the bus tells whole seconds, cut off', () => {
    const early = instant(Date.parse(at) - 412);
    expect(recordFeedback(sent, { ...delivered, at: early })).toMatchObject({
      status: 'delivered',
      deliveredAt: at,
      attempts: [{ at }, { outcome: 'delivered', at }],
    });
  });

  it('says that it came back, and puts it into the queue', () => {
    const back = required(recordFeedback(sent, bounced));
    expect(back).toMatchObject({ status: 'bounced', reason: '550 user unknown' });
    expect(queuedOf(back)).toMatchObject({ status: 'bounced', to: 'orders@harbour.example', since: later });
  });

  it('may complain of what arrived, in whatever order the two are told', () => {
    expect(recordFeedback(required(recordFeedback(sent, delivered)), bounced)?.status).toBe('bounced');
    expect(recordFeedback(required(recordFeedback(sent, bounced)), delivered)).toBeUndefined();
  });

  it('that comes twice changes nothing the second time', () => {
    expect(recordFeedback(required(recordFeedback(sent, delivered)), delivered)).toBeUndefined();
    expect(recordFeedback(required(recordFeedback(sent, bounced)), bounced)).toBeUndefined();
  });

  it('on an earlier message changes nothing of the one under way', () => {
    const again = requestAgain(sent, mail, later);
    expect(recordFeedback(again, bounced)).toBeUndefined();
  });

  it('on a message that is not on record yet has to wait', () => {
    expect(() => recordFeedback(sent, { ...bounced, messageId: 'ses-2' })).toThrow(UnknownMessage);
  });
});
