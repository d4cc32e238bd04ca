import type { Served } from '../builders/house.ts';
import type { RequestOptions } from '../builders/http-event.ts';
import type { MemoryTable } from '../builders/memory-table.ts';
import type { CollectionStep } from './collection-steps.ts';
import { pickOpenItem } from './picks.ts';

/** Who pays in euros, so that its account can be debited. */
export const debtor = 'cus_harbour';
const DAY = 24 * 60 * 60 * 1000;

/** The request that a step about collecting makes; undefined when there is nothing to do it with. */
export function collectionRequest(
  step: CollectionStep,
  table: MemoryTable,
  today: string,
): { operationId: Served; options: RequestOptions } | undefined {
  switch (step.do) {
    case 'advise': {
      const first = pickOpenItem(table, step.invoice, ['open', 'disputed']);
      const second = pickOpenItem(
        table,
        step.invoice + 1,
        ['open', 'disputed'],
        ({ invoiceId, customerId }) => invoiceId !== first?.invoiceId && customerId === first?.customerId,
      );
      const invoices = [first, second].flatMap((item) =>
        item && item.balance > 0
          ? [{ invoiceId: item.invoiceId, amount: Math.ceil(item.balance / step.part) }]
          : [],
      );
      if (!first || invoices.length === 0) return undefined;
      const { customerId, currency } = first;
      const total = invoices.reduce((sum, { amount }) => sum + amount, 0);
      return {
        operationId: 'adviseRemittance',
        options: { body: { customerId, currency, total, invoices } },
      };
    }
    case 'withdraw advice': {
      const advices = idsIn(table, 'adv_');
      const adviceId = advices[step.advice % advices.length];
      return adviceId === undefined
        ? undefined
        : { operationId: 'withdrawRemittanceAdvice', options: { params: { adviceId } } };
    }
    case 'sign mandate':
      return signing(`M-${step.mandate}`, today);
    case 'revoke mandate': {
      const params = { customerId: debtor, mandateId: `M-${step.mandate}` };
      return { operationId: 'revokeMandate', options: { params } };
    }
    case 'debit': {
      const collectOn = new Date(Date.parse(today) + step.days * DAY).toISOString().slice(0, 10);
      return { operationId: 'createDirectDebit', options: { body: { format: 'sepa', collectOn } } };
    }
    case 'release debit': {
      const runs = idsIn(table, 'ddb_');
      const directDebitId = runs[step.run % runs.length];
      const waiting = table.items(
        ({ SK, debit }) => SK === 'OPEN' && JSON.stringify(debit)?.includes(String(directDebitId)),
      );
      const refused = waiting[step.run % waiting.length]?.PK;
      const body = {
        reason: 'AC04 closed account',
        ...(step.howMuch === 'one' && refused !== undefined && { invoiceIds: [refused] }),
      };
      return directDebitId === undefined
        ? undefined
        : { operationId: 'releaseDirectDebit', options: { params: { directDebitId }, body } };
    }
    default:
      return step satisfies never;
  }
}

/** A mandate of the customer whose account is debited. */
export function signing(
  mandateId: string,
  signedOn: string,
): { operationId: Served; options: RequestOptions } {
  const body = { format: 'sepa', mandateId, signedOn, scheme: 'CORE', iban: 'DE89370400440532013000' };
  return { operationId: 'createMandate', options: { params: { customerId: debtor }, body } };
}

function idsIn(table: MemoryTable, prefix: string): string[] {
  return table.items(({ PK, SK }) => PK.startsWith(prefix) && SK === 'HEAD').map(({ PK }) => PK);
}
