import { describe, expect, it } from 'vitest';
import { type Fact, factOfItem } from '#shared/fact/fact.ts';
import type { FactBus } from '#shared/fact/fact-bus.ts';
import { relayFacts } from '#shared/fact/relay-facts.ts';
import { CustomerId } from '#shared/kernel/ids.ts';
import { Instant } from '#shared/kernel/time.ts';
import { mailClaims } from '#shared/mail/mail-store.ts';
import { MailUncertain, sendOnce } from '#shared/mail/send-once.ts';
import { issuedFact } from '../builders/issued-fact.ts';
import { Mailbox } from '../builders/mailbox.ts';
import { Crash, memoryTable, portOf } from '../builders/memory-table.ts';

type When = 'before' | 'after';

/** Both moments of each of `count` awaits. */
const moments = (count: number): [number, When][] =>
  Array.from({ length: count }, (_, index) => index + 1).flatMap((nth): [number, When][] => [
    [nth, 'before'],
    [nth, 'after'],
  ]);

describe('a mail whose process dies', () => {
  const at = Instant.parse('2026-04-08T07:00:00.000Z');
  const mail = {
    mailId: 'ord_01.000002',
    customerId: CustomerId.parse('cus_acme'),
    kind: 'order.confirmed',
    from: 'orders@example.com',
    to: ['buyer@acme.example'],
    subject: 'Your order',
    raw: Buffer.from('Subject: Your order\r\n\r\nThank you'),
  } as const;

  // Claimed, handed over, recorded: three awaits.
  it.each(moments(3))(
    'at await %i, %s it, leaves once, or a person is told that it may not have',
    async (nth, when) => {
      const table = memoryTable();
      const mailbox = new Mailbox();
      const process = table.client();
      process.faults.crashAtAwait(nth, when);
      const dying = sendOnce(
        mailClaims(process),
        portOf(mailbox, process.faults, ['send']),
        { ...mail, to: [...mail.to] },
        at,
      );
      await expect(dying).rejects.toThrow(/the process died|was handed to the mail service/);
      expect(process.faults.isDead).toBe(true);

      const told: string[] = [];
      for (let tries = 1; tries <= 3; tries++) {
        try {
          await sendOnce(mailClaims(table), mailbox, { ...mail, to: [...mail.to] }, at);
        } catch (error) {
          expect(error).toBeInstanceOf(MailUncertain);
          told.push('a person');
        }
      }
      const isRecorded = table.items()[0]?.['status'] === 'sent';
      // Either all tries end well, with the mail sent and on record, or each says that nobody knows.
      expect({ left: mailbox.sent.length, isRecorded, told: told.length }).toEqual(
        told.length === 0
          ? { left: 1, isRecorded: true, told: 0 }
          : { left: nth === 1 || (nth === 2 && when === 'before') ? 0 : 1, isRecorded: false, told: 3 },
      );
    },
  );
});

describe('facts whose relay dies', () => {
  const records = Array.from({ length: 25 }, (_, index) => {
    const slot = String(index + 1).padStart(6, '0');
    const fact = issuedFact();
    return { sequenceNumber: String(index), item: { ...fact, slot, id: `${fact.subject}.${slot}` } };
  });
  const wanted = records.map(({ item }) => factOfItem(item).id);

  // Ten at a time: three batches.
  it.each(moments(3))('at await %i, %s it, all reach the bus, first in their order', async (nth, when) => {
    const heard: Fact[] = [];
    const bus: FactBus = {
      put: (facts) => {
        heard.push(...facts);
        return Promise.resolve(facts.map(() => true));
      },
    };
    const process = memoryTable().client();
    process.faults.crashAtAwait(nth, when);
    await expect(relayFacts(portOf(bus, process.faults, ['put']), records)).rejects.toThrow(Crash);
    expect(await relayFacts(bus, records)).toBeUndefined();
    expect([...new Set(heard.map(({ id }) => id))]).toEqual(wanted);
  });
});
