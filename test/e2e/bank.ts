import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { invoice, openCustomer, order, ship, stockUp } from './company.ts';
import { Anything, expectReply, FIRST_DAY, type World } from './world.ts';

const Taken = z.looseObject({ items: z.array(z.looseObject({ bankStatementId: z.string() })).min(1) });
const Progress = z.looseObject({
  status: z.string(),
  progress: z.looseObject({ matched: z.int(), queued: z.int() }),
});
const Reconciled = z.looseObject({
  difference: z.int(),
  items: z.array(z.looseObject({ kind: z.string() })),
});
const Link = z.looseObject({ url: z.string() });

/** A statement as the bank writes it: GBP 100.00, then `credits` of pence with their text. */
function mt940(number: string, credits: readonly { amount: number; text: string }[]): string {
  const day = FIRST_DAY.slice(2).replaceAll('-', '');
  const money = (pence: number) => `${Math.floor(pence / 100)},${String(pence % 100).padStart(2, '0')}`;
  const closing = credits.reduce((sum, { amount }) => sum + amount, 10_000);
  return [
    `:20:${number}`,
    ':25:GB33BUKB20201555555555',
    `:28C:${number}/1`,
    `:60F:C${day}GBP100,00`,
    ...credits.flatMap(({ amount, text }) => [`:61:${day}C${money(amount)}NTRFNONREF`, `:86:${text}`]),
    `:62F:C${day}GBP${money(closing)}`,
    '',
  ].join('\r\n');
}

/** Money that comes by the bank. */
export function bank(world: () => World): void {
  describe('when money comes by the bank', () => {
    const take = async (file: string) => {
      const finance = await world().as('finance');
      return finance('POST', '/v1/bank-statements?bankAccountId=main', {
        raw: file,
        headers: { 'content-type': 'application/octet-stream' },
      });
    };

    it('a line that names its invoice posts itself, one that says nothing waits, and bank and books agree', async () => {
      await openCustomer(world(), 'cus_banker');
      await stockUp(world(), 'BANK-1', 2500, 20);
      const { orderId } = await order(world(), 'cus_banker', 'by-bank', [{ sku: 'BANK-1', quantity: 2 }]);
      const { invoiceId, number, balance } = await ship(world(), orderId, 'by-bank');
      expect(balance).toBe(6000);
      const finance = await world().as('finance');
      const account = {
        name: 'Current account',
        account: { iban: 'GB33BUKB20201555555555' },
        currency: 'GBP',
      };
      expectReply(await finance('PUT', '/v1/bank-accounts/main', { body: account }), 201, Anything);

      const file = mt940('7', [
        { amount: 6000, text: `PAYMENT OF ${number}` },
        { amount: 1234, text: 'THANK YOU' },
      ]);
      const { items } = expectReply(await take(file), 201, Taken);
      await world().run.quiesce();
      const path = `/v1/bank-statements/${items[0]?.bankStatementId}`;
      expect(expectReply(await finance('GET', path), 200, Progress)).toMatchObject({
        status: 'imported',
        progress: { matched: 1, queued: 1 },
      });
      expect(await invoice(world(), invoiceId)).toMatchObject({ status: 'paid', balance: 0 });
      const page = await finance('GET', '/v1/bank-accounts/main/reconciliation');
      const { difference, items: named } = expectReply(page, 200, Reconciled);
      expect(difference).toBe(0);
      expect(named.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['opening_balance', 'queued']));

      const before = await world().dump();
      expectReply(await take(file), 200, Taken);
      await world().run.quiesce();
      expect(await world().dump()).toEqual(before);
    });

    it('a statement that does not tie is refused with both figures, and nothing is stored', async () => {
      const before = await world().dump();
      const broken = mt940('8', [{ amount: 500, text: 'A' }]).replace('105,00', '105,01');
      expect(await take(broken)).toMatchObject({ status: 422, body: { code: 'statement_invalid' } });
      expect(await world().dump()).toEqual(before);
    });

    it('a payer sees its open invoices behind its own link, and no other’s', async () => {
      const { orderId } = await order(world(), 'cus_banker', 'to-choose', [{ sku: 'BANK-1', quantity: 1 }]);
      const { number } = await ship(world(), orderId, 'to-choose');
      const finance = await world().as('finance');
      const { url } = expectReply(
        await finance('POST', '/v1/customers/cus_banker/payer-links', { body: {} }),
        200,
        Link,
      );
      const html = await (await fetch(url)).text();
      expect(html).toContain(number);
      expect(html).not.toContain('<script');
      const forged = await fetch(url.replace('cus_banker', 'cus_overlimit'));
      expect(forged.status).toBe(404);
    });
  });
}
