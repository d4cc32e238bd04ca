import type { Action } from '../table/table.ts';
import type { ToldTransfer } from './end-to-end-id.ts';
import { maskedAccount, type Payee } from './payee.ts';
import { transferOf } from './refund-transfer.ts';
import { saveTransfer } from './refund-transfer-store.ts';

/** That a refund goes out by transfer: to which account, and the day it counts on for the policy `refunds`. */
export type Going = Pick<Parameters<typeof transferOf>[1], 'countedOn'> & { readonly payee: Payee };

/**
 * Lets a refund wait for a credit transfer run, for the transaction that records it.
 * @param going none where it goes by no transfer of ours
 * @returns the write, and what the refund's fact tells of it
 */
export function sendRefund(
  going: Going | undefined,
  told: Omit<Parameters<typeof transferOf>[1], 'countedOn'>,
  doing: Parameters<typeof transferOf>[2],
): { told: { transfer?: ToldTransfer }; actions: Action[] } {
  if (!going) return { told: {}, actions: [] };
  const { payee, countedOn } = going;
  const transfer = transferOf(payee, { ...told, countedOn }, doing);
  const account = maskedAccount(payee);
  return {
    told: { transfer: { endToEndId: transfer.endToEndId, account } },
    actions: [saveTransfer(transfer)],
  };
}
