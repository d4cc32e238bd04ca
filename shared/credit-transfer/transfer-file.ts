import { type AchEntry, achFile } from '../bank-file/ach-file.ts';
import { DomainError } from '../kernel/errors.ts';
import {
  type AchTransfer,
  assertWhole,
  type CreditTransfer,
  type CreditTransferItem,
} from './credit-transfer.ts';
import { pain001 } from './pain-001.ts';

export type TransferFile = { readonly run: CreditTransfer; readonly items: readonly CreditTransferItem[] };

/**
 * The file for the bank where `accept` names its type; undefined where JSON is wanted.
 * @throws DomainError `credit_transfer_not_ready`
 */
export function transferFile(
  { run, items }: TransferFile,
  accept = '',
): { contentType: 'application/xml' | 'text/plain'; content: string } | undefined {
  const contentType = run.format === 'iso20022' ? 'application/xml' : 'text/plain';
  if (!accept.includes(contentType)) return undefined;
  if (run.status === 'collecting' || run.count === 0) {
    const detail = 'The run holds not yet, or does not hold, what the bank is to get.';
    throw new DomainError('credit_transfer_not_ready', detail);
  }
  switch (run.format) {
    case 'iso20022':
      return { contentType, content: pain001(run, items) };
    case 'nacha':
      return { contentType, content: achCredits(run, items) };
    default:
      return run satisfies never;
  }
}

/** The file of a run to accounts in the United States, by {@link achFile}. @throws RangeError as {@link pain001} */
function achCredits(run: AchTransfer, items: readonly CreditTransferItem[]): string {
  assertWhole(run, items);
  const entries = items.map(({ endToEndId, amount, payee }): AchEntry => {
    if (payee.kind !== 'ach') throw new RangeError(`${endToEndId} goes to no ACH account`);
    const { scheme, accountKind, routingNumber, account, name } = payee;
    return { scheme, accountKind, routingNumber, account, name, amount, endToEndId };
  });
  const { originator: sender, executeOn: effectiveOn, createdAt } = run;
  return achFile({ sender, direction: 'credit', purpose: 'REFUND', effectiveOn, createdAt, entries });
}
