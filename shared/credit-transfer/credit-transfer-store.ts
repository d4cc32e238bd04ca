import { loadBankAccount } from '../bank/bank-account-store.ts';
import type { BankAccountId } from '../bank/bank-line.ts';
import type { Company } from '../company/company.ts';
import { recordFact } from '../fact/record-fact.ts';
import { DomainError } from '../kernel/errors.ts';
import { CreditTransferId } from '../kernel/ids.ts';
import { dateIn, type Instant } from '../kernel/time.ts';
import { policyInForce } from '../policy/policy-store.ts';
import { refundPolicy } from '../refund/refund-policy.ts';
import { commit, versionConflict } from '../table/commit.ts';
import { keys, prefixes, versionSlot } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import type { Action, Item, Table } from '../table/table.ts';
import { CreditTransfer, CreditTransferItem, itemOfTransfer } from './credit-transfer.ts';
import {
  collectable,
  finished,
  startCreditTransfer,
  type TransferRequest,
  withTransfers,
} from './draft-credit-transfer.ts';
import { collect, type WaitingTransfer } from './refund-transfer.ts';
import { listWaitingTransfers, loadTransfersAt, saveTransfer } from './refund-transfer-store.ts';
import type { TransferFile } from './transfer-file.ts';

export type Doing = {
  readonly company: Company;
  readonly at: Instant;
  readonly actor: string;
  readonly remember: (id: string) => Action;
};

/** Each transfer is two writes of a transaction of a hundred, which writes the run, too. */
const CHUNK = 45;
/** Another run, a bank line or a release may take what was to be collected; then it is looked at anew. */
const TRIES = 8;

/**
 * Collects what waits for a transfer in the bank account's currency. A run of this bank account that broke off is finished
 * first. The run stands `collecting` with its idempotency record before anything goes into it, so that asking again with
 * the same key, or for another run, goes on where it ended; each chunk is one transaction.
 * @throws DomainError `bank_account_not_found`, `nothing_to_transfer`, `credit_transfer_not_configured`,
 * `validation_failed`, `version_conflict`
 */
export async function createCreditTransfer(
  table: Table,
  request: TransferRequest,
  { company, at, actor, remember, creditTransferId }: Doing & { creditTransferId: CreditTransferId },
): Promise<TransferFile> {
  const { bankAccountId } = request;
  const today = dateIn(company.timeZone, at);
  const [account, open, { policy }] = await Promise.all([
    loadBankAccount(table, bankAccountId, { consistent: true }),
    loadCollecting(table, bankAccountId),
    policyInForce(table, refundPolicy, today),
  ]);
  if (!account) throw new DomainError('bank_account_not_found', `There is no bank account ${bankAccountId}.`);
  if (open) await finishCollecting(table, open, { at, actor });
  const run = startCreditTransfer(request, {
    creditTransferId,
    company,
    account,
    policy,
    today,
    at,
    by: actor,
  });
  const waiting = await listWaitingTransfers(table, account.currency);
  if (collectable(run, waiting).length === 0) {
    const detail = `No refund waits in ${account.currency} for a transfer by ${request.format}.`;
    throw new DomainError('nothing_to_transfer', detail);
  }
  await commit(table, [
    remember(creditTransferId),
    saveRun(run),
    {
      do: 'put',
      item: { ...keys.collectingRun(bankAccountId), creditTransferId },
      when: [{ attribute: 'PK', is: 'absent' }],
      refusal: versionConflict('credit transfer run of this bank account'),
    },
  ]);
  return finishCollecting(table, creditTransferId, { at, actor });
}

/**
 * Puts what waits into a run that is being collected, chunk by chunk, and finishes it; one that is finished is only read.
 * @throws DomainError `credit_transfer_not_found`, `version_conflict` when others take what is to be collected again and
 * again
 */
export async function finishCollecting(
  table: Table,
  creditTransferId: CreditTransferId,
  doing: Pick<Doing, 'at' | 'actor'>,
): Promise<TransferFile> {
  for (let tries = TRIES; ; tries--) {
    const file = await loadCreditTransfer(table, creditTransferId);
    if (!file) throw notFound();
    if (file.run.status !== 'collecting') return file;
    try {
      await collectAll(table, file.run, doing);
    } catch (error) {
      const lost = error instanceof DomainError && error.code === 'version_conflict';
      if (!lost || tries === 1) throw error;
    }
  }
}

async function collectAll(
  table: Table,
  found: CreditTransfer,
  { at, actor }: Pick<Doing, 'at' | 'actor'>,
): Promise<void> {
  const { creditTransferId, bankAccountId, currency } = found;
  let run = found;
  const listed = await listWaitingTransfers(table, currency);
  for (let from = 0; from < listed.length; from += CHUNK) {
    const chunk = listed.slice(from, from + CHUNK);
    const standing = await loadTransfersAt(
      table,
      chunk.map(({ paymentId, told }) => keys.refundTransfer(paymentId, told)),
    );
    const now = new Map(standing.map((transfer) => [`${transfer.paymentId} ${transfer.told}`, transfer]));
    const inOrder = chunk.flatMap(({ paymentId, told }) => now.get(`${paymentId} ${told}`) ?? []);
    const taken = collectable(run, inOrder);
    if (taken.length === 0) continue;
    const next = withTransfers(run, taken);
    await commit(table, [saveRun(next), ...taken.flatMap((each, index) => intoRun(each, run, index))]);
    run = next;
  }
  const done = finished(run, at);
  const { count, total } = done;
  await commit(table, [
    saveRun(done),
    {
      do: 'delete',
      key: keys.collectingRun(bankAccountId),
      when: [{ attribute: 'creditTransferId', is: 'equal', value: creditTransferId }],
      refusal: versionConflict('credit transfer run of this bank account'),
    },
    recordFact('credit_transfer.ready', creditTransferId, versionSlot(done.version), {
      at,
      actor,
      data: { creditTransferId, currency, count, total },
    }),
  ]);
}

function intoRun(
  transfer: WaitingTransfer,
  { creditTransferId, count }: CreditTransfer,
  index: number,
): Action[] {
  const ordinal = count + index + 1;
  const collected = collect(transfer, { creditTransferId, ordinal });
  const item = itemOfTransfer(collected);
  return [
    saveTransfer(collected),
    {
      do: 'put',
      item: {
        ...keys.creditTransferItem(creditTransferId, ordinal),
        RPK: `transfer_${item.endToEndId}`,
        RSK: creditTransferId,
        ...item,
      },
      when: [{ attribute: 'PK', is: 'absent' }],
      refusal: versionConflict('credit transfer run'),
    },
  ];
}

/** A run with its items in the order of its file. */
export async function loadCreditTransfer(
  table: Table,
  creditTransferId: CreditTransferId,
): Promise<TransferFile | undefined> {
  const found = await queryAll(table, { partition: creditTransferId, consistent: true });
  const head = found.find(({ SK }) => SK === keys.creditTransfer(creditTransferId).SK);
  if (!head) return undefined;
  const { PK: _pk, SK: _sk, ...run } = head;
  const items = found.filter(({ SK }) => SK.startsWith(prefixes.credit)).map(transferItemOf);
  return { run: CreditTransfer.parse(run), items };
}

/**
 * The items of runs that the end-to-end ids of a bank line name. The index may lag a moment behind a run: a bank does not
 * tell of it in that moment.
 */
export async function findTransferItems(
  table: Table,
  endToEndIds: readonly string[],
): Promise<CreditTransferItem[]> {
  const pages = await Promise.all(
    endToEndIds.map((id) => table.query({ index: 'byReference', partition: `transfer_${id}`, limit: 1 })),
  );
  const found = pages.flatMap(({ items }) => items.map(({ PK, SK }) => ({ PK, SK })));
  return (await table.getMany(found)).map(transferItemOf);
}

/** The write that makes `next` the run. @throws (on commit) DomainError `version_conflict` */
export function saveRun(next: CreditTransfer): Action {
  return {
    do: 'put',
    item: { ...keys.creditTransfer(next.creditTransferId), ...next },
    when: [
      next.version === 1
        ? { attribute: 'PK', is: 'absent' }
        : { attribute: 'version', is: 'equal', value: next.version - 1 },
    ],
    refusal: versionConflict('credit transfer run'),
  };
}

const notFound = () => new DomainError('credit_transfer_not_found', 'There is no such credit transfer run.');

async function loadCollecting(
  table: Table,
  bankAccountId: BankAccountId,
): Promise<CreditTransferId | undefined> {
  const item = await table.get(keys.collectingRun(bankAccountId), { consistent: true });
  return item && CreditTransferId.parse(item['creditTransferId']);
}

function transferItemOf({ PK: _pk, SK: _sk, RPK: _rpk, RSK: _rsk, ...item }: Item): CreditTransferItem {
  return CreditTransferItem.parse(item);
}
