import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { StatementEntry } from '#shared/bank/bank-statement.ts';
import { creditorReference } from '#shared/invoice/creditor-reference.ts';
import { saveOpenItem } from '#shared/invoice/invoice-store.ts';
import { CustomerId, InvoiceId } from '#shared/kernel/ids.ts';
import { Currency } from '#shared/kernel/money.ts';
import { keys } from '#shared/table/keys.ts';
import type { Item } from '#shared/table/table.ts';
import { aHeader, anEntry } from '../builders/bank-statement.ts';
import { aCustomer, anAccount } from '../builders/customer.ts';
import { openInvoice } from '../builders/open-invoice.ts';
import { camt053, camtEntry } from '../builders/statement-files.ts';

const EUR = Currency.parse('EUR');
const CUSTOMERS = 5_000;

const customerOf = (n: number) => CustomerId.parse(`cus_c${n % CUSTOMERS}`);
const nameOf = (n: number) => `Company ${(n * 7_919).toString(36).toUpperCase()} ${n} GmbH`;
const amountOf = (n: number) => 10_000 + (n % 90_000);
const numberOf = (n: number) => `INV-2026-${String(n).padStart(6, '0')}`;
const invoiceIdOf = (n: number) => InvoiceId.parse(`inv_01kmbs000000000000${String(n).padStart(8, '0')}`);

/** 5,000 customers and `invoices` open invoices. */
export function* importWorld(invoices: number): Generator<Item> {
  for (let n = 0; n < CUSTOMERS; n++) {
    const customerId = customerOf(n);
    yield { ...keys.customer(customerId), ...aCustomer({ customerId, name: nameOf(n), currency: EUR }) };
    const owed = { exposure: 900_000_000, receivable: 900_000_000 };
    yield { ...keys.account(customerId), ...anAccount({ customerId, currency: EUR, ...owed }) };
  }
  for (let n = 1; n <= invoices; n++) {
    const amount = amountOf(n);
    const over = { invoiceId: invoiceIdOf(n), number: numberOf(n), customerId: customerOf(n), currency: EUR };
    const action = saveOpenItem(
      openInvoice(n % 9_999, { ...over, total: amount, balance: amount }),
      'absent',
    );
    if (action.do === 'put') yield action.item;
  }
}

/** Of twenty lines: seventeen name an invoice, one bears its RF reference, one is of nobody known, one is money out. */
function* entries(lines: number): Generator<StatementEntry> {
  for (let line = 1; line <= lines; line++) {
    const amount = amountOf(line);
    const payer = { counterparty: { name: nameOf(line % CUSTOMERS) } };
    switch (line % 20) {
      case 0:
        yield anEntry({ line, amount: -1_250, text: 'Entgelt' });
        break;
      case 1:
        yield anEntry({ line, amount, text: 'Danke', counterparty: { name: 'Unbekannt und Soehne' } });
        break;
      case 2:
        yield anEntry({ line, amount, creditorReference: creditorReference(numberOf(line)), ...payer });
        break;
      default:
        yield anEntry({ line, amount, text: `Rechnung ${numberOf(line)} vom Maerz`, ...payer });
    }
  }
}

/** Writes a camt.053 statement of `lines` lines that ties. */
export async function writeStatement(file: string, lines: number): Promise<void> {
  let sum = 0;
  for (const { amount } of entries(lines)) sum += amount;
  const texts = (function* () {
    for (const entry of entries(lines)) yield camtEntry(entry);
  })();
  await pipeline(camt053(aHeader('bench', sum), texts), createWriteStream(file));
}
