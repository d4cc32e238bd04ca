import { CalendarDate } from '#shared/kernel/time.ts';
import { AccountMovement } from '#shared/ledger/account-movement.ts';
import {
  composeStatement,
  type OpenItemStatement,
  type PeriodStatement,
} from '#shared/statement/statement.ts';
import { aCustomer } from '#test/builders/customer.ts';
import { anOpenItem } from '#test/builders/invoice.ts';
import { invoiceIdOf } from '#test/builders/open-invoice.ts';

export const today = CalendarDate.parse('2026-05-01');
export const harbour = aCustomer();
export const kontor = aCustomer({
  customerId: 'cus_kontor',
  name: 'Hanseatisches Kontor für Schreib- und Papierwaren an der Außenalster GmbH & Co. KG',
  language: 'de',
});

const number = (n: number) => `INV-2026-${String(n).padStart(6, '0')}`;
const inApril = (n: number, rows: number) =>
  CalendarDate.parse(`2026-04-${String(1 + Math.floor((n * 30) / rows)).padStart(2, '0')}`);

/** Of April 2026, with `rows` movements of up to twelve digits. */
export function periodOver(rows: number, customer = harbour): PeriodStatement {
  const kinds = ['invoice', 'payment', 'credit_note', 'invoice', 'write_off', 'refund'] as const;
  const movements = Array.from({ length: rows }, (_, n) => {
    const kind = kinds[n % kinds.length] ?? 'invoice';
    const amount =
      (n % 7 === 0 ? 123_456_789_012 : 1_234_56) * (kind === 'invoice' || kind === 'refund' ? 1 : -1);
    return AccountMovement.parse({
      date: inApril(n, rows),
      kind,
      reference:
        kind === 'payment'
          ? `Überweisung FT-2026-${n} Sammelzahlung Filiale Nord mit langem Text`
          : number(n),
      source: 'inv_1',
      currency: customer.currency,
      amount,
    });
  });
  return composeStatement(customer, {
    kind: 'period',
    from: CalendarDate.parse('2026-04-01'),
    to: CalendarDate.parse('2026-04-30'),
    movements,
  });
}

/** `rows` open invoices on 1 May 2026, every tenth in instalments, and a payment that is not used yet. */
export function openItemsOver(rows: number, customer = harbour): OpenItemStatement {
  const items = Array.from({ length: rows }, (_, n) => {
    const amount = n % 7 === 0 ? 123_456_789_012 : 123_456;
    return anOpenItem({
      status: 'open',
      invoiceId: invoiceIdOf(n + 1),
      number: number(n + 1),
      dueOn: inApril(n, rows),
      total: amount,
      balance: amount,
      ...(n % 10 === 3 && {
        instalments: [
          { dueOn: inApril(n, rows), amount: 100_000 },
          { dueOn: '2026-06-30', amount: amount - 100_000 },
        ],
      }),
    });
  });
  return composeStatement(customer, {
    kind: 'open_item',
    on: today,
    items,
    unapplied: [{ kind: 'payment', id: 'pay_1', reference: 'FT 4711', date: inApril(5, 10), amount: 5_000 }],
  });
}
