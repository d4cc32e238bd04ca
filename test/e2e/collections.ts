import { describe, expect, it } from 'vitest';
import { invoice, openCustomer, order, ship, stockUp, subjectsTo, transfer } from './company.ts';
import { Account, Anything, expectReply, type World } from './world.ts';

/** Ordered on 3 March and due a week later, the 10th: the first reminder comes on the 17th, the second on the 31st. */
const customers = ['cus_late', 'cus_prompt', 'cus_midway', 'cus_disputing'] as const;
type Customer = (typeof customers)[number];

/** What is overdue is reminded of, each reminder once. Moves the clock, so it comes last. */
export function collections(world: () => World): void {
  describe('reminders', () => {
    const invoices = new Map<Customer, { invoiceId: string; number: string; balance: number }>();
    const of = (customer: Customer) => {
      const found = invoices.get(customer);
      if (!found) throw new Error(`${customer} has no invoice`);
      return found;
    };
    const remindersTo = (customer: Customer) =>
      subjectsTo(world(), `${customer.replace('_', '-')}@example.com`).filter((subject) =>
        /reminder/i.test(subject),
      );

    it('are not sent before an invoice is overdue', async () => {
      await stockUp(world(), 'DUN-1', 1000, 100);
      for (const customer of customers) {
        await openCustomer(world(), customer, { paymentTermDays: 7 });
        const { orderId } = await order(world(), customer, `${customer}-order`, [
          { sku: 'DUN-1', quantity: 2 },
        ]);
        const shipped = await ship(world(), orderId, `${customer}-parcel`);
        expect(shipped).toMatchObject({ dueOn: '2026-03-10', balance: 2400 });
        invoices.set(customer, shipped);
      }
      const disputing = await world().as('customer', 'cus_disputing');
      const objection = { key: 'dispute', body: { reason: 'Never arrived.' } };
      const path = `/v1/invoices/${of('cus_disputing').invoiceId}/dispute`;
      expectReply(await disputing('POST', path, objection), 200, Anything);

      await world().run.clock.advanceTo('2026-03-10T12:00:00Z');
      await transfer(world(), 'prompt', {
        customerId: 'cus_prompt',
        invoiceId: of('cus_prompt').invoiceId,
        amount: 2400,
      });
      await world().run.clock.advanceTo('2026-03-16T12:00:00Z');
      expect(customers.flatMap(remindersTo)).toEqual([]);
    });

    it('begin a week after the due date, for who owes and does not object', async () => {
      await world().run.clock.advanceTo('2026-03-17T12:00:00Z');
      expect(remindersTo('cus_late')).toEqual([`Reminder: invoice ${of('cus_late').number} is overdue`]);
      expect(remindersTo('cus_midway')).toHaveLength(1);
      expect(remindersTo('cus_prompt')).toEqual([]);
      expect(remindersTo('cus_disputing')).toEqual([]);
      await transfer(world(), 'midway', {
        customerId: 'cus_midway',
        invoiceId: of('cus_midway').invoiceId,
        amount: 2400,
      });
    });

    it('are two in sixty days, each sent once, none for what is paid or disputed', async () => {
      await world().run.clock.advanceTo('2026-05-02T12:00:00Z');
      expect(remindersTo('cus_late')).toEqual([
        `Reminder: invoice ${of('cus_late').number} is overdue`,
        `Second reminder: invoice ${of('cus_late').number} is overdue`,
      ]);
      expect(remindersTo('cus_midway')).toHaveLength(1);
      expect(remindersTo('cus_prompt')).toEqual([]);
      expect(remindersTo('cus_disputing')).toEqual([]);
      expect(await invoice(world(), of('cus_late').invoiceId)).toMatchObject({
        remindersSent: 2,
        balance: 2400,
      });
      expect(await invoice(world(), of('cus_disputing').invoiceId)).toMatchObject({ remindersSent: 0 });
    });

    it('can be settled by the link in them', async () => {
      const { run } = world();
      // A month may have begun meanwhile, and with it a statement come.
      const newest = run.mailbox
        .list({ to: 'cus-late@example.com' })
        .find(({ subject }) => subject.includes('reminder'));
      const mail = await run.mailbox.get(newest?.id ?? '');
      const link = /https?:\/\/\S+\/pay\/[\w.~-]+/.exec(mail?.text ?? '')?.[0] ?? '';
      const page = await fetch(link);
      expect(page.status).toBe(200);
      const paid = await fetch(page.url, {
        method: 'POST',
        body: new URLSearchParams({ action: 'pay' }),
        redirect: 'manual',
      });
      expect(paid.status).toBe(303);
      await run.quiesce();
      const finance = await world().as('finance');
      const { account } = expectReply(await finance('GET', '/v1/customers/cus_late'), 200, Account);
      expect(account).toMatchObject({ exposure: 0, receivable: 0 });
    });
  });
}
