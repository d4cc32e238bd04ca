import { saveBankAccountActions } from '#shared/bank/bank-account-store.ts';
import type { BankLine } from '#shared/bank/bank-line.ts';
import type { StatementEntry } from '#shared/bank/bank-statement.ts';
import { lineOf } from '#shared/bank/line-store.ts';
import { workLine } from '#shared/bank/work-line-store.ts';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { CalendarDate, Instant } from '#shared/kernel/time.ts';
import { keys, owners } from '#shared/table/keys.ts';
import { aBankAccount, aMatch, anEntry, aStatement, STATEMENT_ID } from './bank-line.ts';
import { request, type Served } from './house.ts';
import type { RequestOptions } from './http-event.ts';
import { trading } from './trading.ts';

export const at = Instant.parse('2026-04-01T08:00:00.000Z');
export const fay = { sub: 'fin-1', name: 'Fay Finance', roles: ['finance'] } as const;
export const finn = { sub: 'fin-2', name: 'Finn Finance', roles: ['finance'] } as const;
/** The account that Elster pays from. */
export const ELSTER = 'DE02120300000000202051';

const iban = 'DE89370400440532013000';
const header = {
  account: { iban },
  currency: 'EUR',
  statementId: '2026-04',
  openingOn: '2026-04-01',
  openingBalance: 10_000,
  closingOn: '2026-04-01',
};

/** Customers in Germany that pay in euros, the company's account there, and one statement of it, line by line. */
export async function refundDesk() {
  const company = trading();
  const { table, ask, done } = company;
  const account = aBankAccount({ account: { iban, bic: 'COBADEFFXXX' }, currency: 'EUR' });
  for (const action of saveBankAccountActions(undefined, account, { at, actor: 'Fay Finance' }))
    await table.write(action);
  let lines = 0;
  let keyed = 0;

  const customer = (customerId = 'cus_elster') =>
    done('putCustomer', {
      at,
      params: { customerId },
      body: {
        name: 'Elster GmbH',
        email: 'einkauf@elster.example',
        address: { lines: ['Hafen 1'], city: 'Hamburg', postalCode: '20457', country: 'DE' },
        currency: 'EUR',
        creditLimit: 100_000,
      },
    });
  await customer();

  /** A line comes on the statement, and is worked. */
  const line = async (entry: Partial<StatementEntry>, match = {}): Promise<BankLine> => {
    lines += 1;
    return workLine(table, {
      statement: { bankStatementId: aStatement(0, 0).bankStatementId },
      account,
      entry: anEntry({ currency: 'EUR', counterparty: undefined, text: '', ...entry, line: lines }),
      match: aMatch({ outcome: 'queued', customerId: undefined, allocations: [], ...match }),
      at,
      today: CalendarDate.parse('2026-04-01'),
      timeZone: 'Europe/London',
      actor: 'import-statement',
    });
  };

  /** Money recorded by hand; a line of the bank tells from which account it came, unless `from` is none. */
  const paid = async (amount: number, from: string | undefined = ELSTER, more = {}): Promise<string> => {
    const body = { customerId: 'cus_elster', method: 'bank_transfer', currency: 'EUR', amount, ...more };
    const { paymentId } = await done('recordPayment', { as: fay, at, body: { reference: 'E-1', ...body } });
    if (from !== '')
      await line(
        { amount, counterparty: { name: 'Elster GmbH', iban: from } },
        { outcome: 'posted', confirms: paymentId },
      );
    return String(paymentId);
  };

  /** The statement as its lines make it, and what does not hold then. */
  const violations = async () => {
    const own = table.items(({ PK, SK }) => PK === STATEMENT_ID && SK.startsWith('LINE#')).map(lineOf);
    const sum = own.reduce((all, { entry }) => all + entry.amount, 0);
    const statement = aStatement(sum, own.length, { header: { ...header, closingBalance: 10_000 + sum } });
    const changed = own.reduce((all, { version }) => all + version - 1, 0);
    const counts = { matched: 0, suggested: 0, queued: 0, ignored: 0 };
    for (const { status } of own) counts[status] += 1;
    await table.write({
      do: 'put',
      item: {
        ...keys.bankStatement(STATEMENT_ID),
        OPK: owners.bankAccount('main', 'statement'),
        OSK: at,
        ...statement,
        ...counts,
        ...(changed > 0 && { changed }),
      },
    });
    return (await checkInvariants(table.items(), { settled: true })).violations;
  };

  return {
    company,
    table,
    ask,
    done,
    customer,
    line,
    paid,
    violations,
    refund: (paymentId: string, amount: number, body = {}, more: RequestOptions = {}) =>
      ask('refundPayment', {
        as: fay,
        at,
        params: { paymentId },
        body: { amount, reason: 'Paid twice', ...body },
        ...more,
      }),
    approve: (refundId: unknown, as: RequestOptions['as'] = finn) =>
      ask('approveRefund', { as, at, params: { refundId: String(refundId) }, body: {} }),
    waiting: async () => (await done('listRefundTransfers', { as: fay, at })).items,
    run: (body = {}, more: RequestOptions = {}) =>
      ask('createCreditTransfer', {
        as: fay,
        at,
        body: { bankAccountId: 'main', format: 'iso20022', ...body },
        ...more,
      }),
    getRun: (creditTransferId: string, accept?: string) =>
      ask('getCreditTransfer', {
        as: fay,
        at,
        params: { creditTransferId },
        ...(accept !== undefined && { headers: { accept } }),
      }),
    release: (creditTransferId: string, body = {}) =>
      ask('releaseCreditTransfer', {
        as: fay,
        at,
        params: { creditTransferId },
        body: { reason: 'AC04 closed account', outcome: 'requeue', ...body },
      }),
    payment: (paymentId: string) => done('getPayment', { as: fay, at, params: { paymentId } }),
    receivable: async () => {
      const params = { customerId: 'cus_elster' };
      return (await done('getCustomer', { at, params })).account.receivable;
    },
    /** A process of its own at the table. */
    process: (operationId: Served, options: RequestOptions) => {
      const client = table.client();
      const headers = { 'idempotency-key': `process-${++keyed}`, ...options.headers };
      return { client, send: () => request(client, operationId, { at, as: fay, ...options, headers }) };
    },
  };
}
export type RefundDesk = Awaited<ReturnType<typeof refundDesk>>;
