import { eachLimited } from '../kernel/each-limited.ts';
import { DomainError } from '../kernel/errors.ts';
import type { InvoiceId, PaymentId } from '../kernel/ids.ts';
import { dateIn, type Instant } from '../kernel/time.ts';
import type { Match } from '../matching/match.ts';
import { matchingPolicy } from '../matching/matching-policy.ts';
import { StatementMatcher } from '../matching/statement-matcher.ts';
import { policyInForce } from '../policy/policy-store.ts';
import { keys, prefixes } from '../table/keys.ts';
import type { Query, Table } from '../table/table.ts';
import { loadBankAccount } from './bank-account-store.ts';
import type { BankLine, BankStatement, BankStatementId, LineOutcome } from './bank-line.ts';
import type { StatementEntry } from './bank-statement.ts';
import type { TakenBefore } from './candidates-store.ts';
import { readOptions } from './inspect-file.ts';
import { lineOf } from './line-store.ts';
import { readStatements } from './read-statements.ts';
import type { StatementFiles } from './statement-files.ts';
import {
  type Advance,
  advance,
  type CountedStatement,
  IMPORTER,
  loadStatement,
  noLines,
} from './statement-store.ts';
import { openCandidates } from './table-candidates-store.ts';
import type { LineToWork, workLine } from './work-line-store.ts';

/** Lines after which a statement moves on: what a run that breaks off has to look at again. */
const LINES_AT_ONCE = 200;
/** Lines of different customers worked side by side; those of one customer go one after the other. */
const SIDE_BY_SIDE = 8;
/** A run that has less time left than this hands the rest to the next. */
const RESERVE_MILLISECONDS = 60_000;

export type ImportTools = {
  readonly table: Table;
  readonly files: StatementFiles;
  readonly workLine: typeof workLine;
  readonly timeZone: string;
  /** Milliseconds until the run is cut off. */
  readonly timeLeft: () => number;
  /** Lines after which the statement moves on, {@link LINES_AT_ONCE} when left out. */
  readonly linesAtOnce?: number;
};

/** `overtaken`: another run of the same statement was faster and goes on. */
export type ImportOutcome = 'imported' | 'handed on' | 'overtaken';

type Work = Pick<LineToWork, 'entry' | 'match'>;
/** What stands of a line of the statement, as far as matching those after it is concerned. */
type StoredLine = Pick<BankLine, 'status' | 'match'> & { readonly outcome?: LineOutcome | undefined };

/**
 * Works the lines of a statement, from where the last run ended to its end or until time runs out. Lines are matched in
 * their order and stored in chunks; a line stored before is never worked again, and matching takes it as it was decided.
 * @param at the moment of the fact that wakes the run
 * @throws whatever one of the lines met, once those beside it are done; the next run goes on there
 */
export async function importStatement(
  tools: ImportTools,
  id: BankStatementId,
  at: Instant,
): Promise<ImportOutcome> {
  const { table, timeZone, linesAtOnce = LINES_AT_ONCE } = tools;
  const found = await loadStatement(table, id, { consistent: true });
  if (!found) throw new DomainError('bank_statement_not_found', `There is no bank statement ${id}.`);
  const { statement } = found;
  if (statement.status === 'imported') return 'imported';
  const account = await loadBankAccount(table, statement.bankAccountId, { consistent: true });
  if (!account)
    throw new DomainError('bank_account_not_found', `There is no bank account ${statement.bankAccountId}.`);
  const today = dateIn(timeZone, statement.receivedAt);
  const stored = await loadStored(table, id);
  const [inForce, candidates] = await Promise.all([
    policyInForce(table, matchingPolicy, today),
    openCandidates(table, today, takenBefore(stored)),
  ]);
  const run = new Run(tools, found, at, (work) => ({
    ...work,
    statement,
    account,
    at: statement.receivedAt,
    today,
    timeZone,
    actor: IMPORTER,
  }));
  const matcher = new StatementMatcher(candidates, inForce);
  try {
    for await (const entry of entriesOf(tools.files, statement)) {
      const before = stored.get(entry.line);
      if (before) matcher.recall(entry, decidedOf(before));
      const match = before || entry.amount < 0 ? undefined : await matcher.match(entry);
      if (entry.line <= statement.done) continue;
      run.add({ entry, match }, before);
      if (run.waiting === linesAtOnce && (await run.flush()) === 'handed on') return 'handed on';
    }
    await run.finish();
    return 'imported';
  } catch (error) {
    if (error instanceof DomainError && error.code === 'version_conflict' && run.advancing)
      return 'overtaken';
    throw error;
  }
}

/** One run over a statement: the lines at hand, and how far it is. */
class Run {
  readonly #tools: ImportTools;
  readonly #at: Instant;
  readonly #complete: (work: Work) => LineToWork;
  #statement: CountedStatement;
  #work: Work[] = [];
  #counts = { ...noLines };
  /** Lines read since the statement moved on last. */
  waiting = 0;
  /** Whether the statement is being moved on. */
  advancing = false;

  constructor(
    tools: ImportTools,
    statement: CountedStatement,
    at: Instant,
    complete: (work: Work) => LineToWork,
  ) {
    this.#tools = tools;
    this.#statement = statement;
    this.#at = at;
    this.#complete = complete;
  }

  add(work: Work, stored: StoredLine | undefined): void {
    this.waiting += 1;
    if (stored) this.#counts[stored.status] += 1;
    else this.#work.push(work);
  }

  /** Works the lines at hand and moves the statement on. */
  async flush(): Promise<'go on' | 'handed on'> {
    await this.#workAll();
    const { done, entries } = this.#statement.statement;
    const more = done + this.waiting < entries;
    const pause = more && this.#tools.timeLeft() < RESERVE_MILLISECONDS;
    await this.#advance(pause ? 'pause' : 'go on');
    return pause ? 'handed on' : 'go on';
  }

  async finish(): Promise<void> {
    await this.#workAll();
    const { bankStatementId, done, entries } = this.#statement.statement;
    if (done + this.waiting !== entries) {
      throw new Error(`the file of ${bankStatementId} has ${done + this.waiting} lines, not ${entries}`);
    }
    await this.#advance('finish');
  }

  async #workAll(): Promise<void> {
    const { table, workLine } = this.#tools;
    // What comes in first: the same statement may tell that the bank took some of it back.
    const [moneyIn, moneyOut] = [true, false].map((isIn) =>
      this.#work.filter(({ entry }) => entry.amount > 0 === isIn),
    );
    for (const works of [moneyIn ?? [], moneyOut ?? []]) {
      const groups = Map.groupBy(works, ({ entry, match }) => match?.customerId ?? entry.line);
      await eachLimited([...groups.values()], SIDE_BY_SIDE, async (group) => {
        for (const work of group) {
          const { status } = await workLine(table, this.#complete(work));
          this.#counts[status] += 1;
        }
      });
    }
    this.#work = [];
  }

  async #advance(next: Advance['next']): Promise<void> {
    this.advancing = true;
    this.#statement = await advance(this.#tools.table, this.#statement, {
      lines: this.waiting,
      counts: this.#counts,
      next,
      at: this.#at,
    });
    this.advancing = false;
    this.waiting = 0;
    this.#counts = { ...noLines };
  }
}

/** The lines of one statement of a file, which was read whole before it was taken. */
async function* entriesOf(files: StatementFiles, statement: BankStatement): AsyncGenerator<StatementEntry> {
  const file = await files.open(statement.file);
  if (!file) throw new Error(`${statement.file} is not to be found`);
  const wanted = statement.ordinal ?? 1;
  let ordinal = 0;
  for await (const event of readStatements(statement.format, file.content, readOptions(statement.reading))) {
    if (event.kind === 'statement') ordinal += 1;
    if (ordinal !== wanted) continue;
    if (event.kind === 'end') return;
    if (event.kind === 'entry') yield event.entry;
  }
}

/** The lines that earlier runs stored, with no more than matching needs of them. */
async function loadStored(table: Table, id: BankStatementId): Promise<Map<number, StoredLine>> {
  const lines = new Map<number, StoredLine>();
  let after: Query['after'];
  do {
    const page = await table.query({
      partition: keys.bankLine(id, 1).PK,
      prefix: prefixes.bankLine,
      consistent: true,
      ...(after && { after }),
    });
    for (const line of page.items.map(lineOf)) {
      const outcome = line.status === 'matched' ? line.outcome : undefined;
      lines.set(line.entry.line, { status: line.status, match: line.match, outcome });
    }
    after = page.next;
  } while (after);
  return lines;
}

/** What the stored lines took of what was open. */
function takenBefore(stored: ReadonlyMap<number, StoredLine>): TakenBefore {
  const settled = new Map<InvoiceId, number>();
  const confirmed = new Set<PaymentId>();
  const reversed: string[] = [];
  for (const { status, match, outcome } of stored.values()) {
    if (outcome?.kind === 'confirmation' && outcome.reversed)
      reversed.push(`${outcome.paymentId}.${outcome.told}`);
    if (status !== 'matched' || !match) continue;
    if (match.confirms) confirmed.add(match.confirms);
    for (const { invoiceId, amount, discount = 0, difference } of match.allocations) {
      settled.set(invoiceId, (settled.get(invoiceId) ?? 0) + amount + discount + (difference?.amount ?? 0));
    }
  }
  return { settled, confirmed, reversed };
}

/** A stored line as the matcher decided it. */
function decidedOf({ status, match }: StoredLine): Parameters<StatementMatcher['recall']>[1] {
  if (!match) return { outcome: 'queued', allocations: [] };
  const { customerId, allocations, confirms, adviceId } = match;
  const taken: Pick<Match, 'allocations'>['allocations'] = allocations.map(
    ({ invoiceId, amount, discount, difference }) => ({
      invoiceId,
      amount,
      ...(discount !== undefined && { discount }),
      ...(difference && { difference }),
    }),
  );
  return {
    outcome: status === 'matched' ? 'posted' : 'suggested',
    ...(customerId && { customerId }),
    ...(confirms && { confirms }),
    ...(adviceId !== undefined && { adviceId }),
    allocations: taken,
  };
}
