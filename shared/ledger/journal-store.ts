import { recordFact } from '../fact/record-fact.ts';
import { addDays } from '../kernel/calendar.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Instant } from '../kernel/time.ts';
import { commit, versionConflict } from '../table/commit.ts';
import { keys, ledgerPartitions, prefixes } from '../table/keys.ts';
import type { Action, Item, Table } from '../table/table.ts';
import type { ChartPolicy } from './chart.ts';
import { Journal, type JournalNumber, journalNumber, lastDayFor, ordinalOf } from './journal.ts';
import type { Entry } from './ledger.ts';
import { BOOKS_BEGIN, entriesByDay } from './ledger-store.ts';

type Doing = {
  readonly actor: string;
  readonly at: Instant;
  readonly timeZone: string;
  /** In force today: the journal keeps it, and reads the same for ever. */
  readonly chart: { readonly version: string; readonly policy: ChartPolicy };
  readonly remember: (number: JournalNumber) => Action;
};

/**
 * Takes the next journal: all entries since the last one, up to the end of yesterday. Its number is its key, so that none
 * is skipped or used twice.
 * @throws DomainError `journal_empty`, or `version_conflict` when someone else took one at the same moment
 */
export async function takeJournal(table: Table, doing: Doing): Promise<Journal> {
  const { actor, at, timeZone, chart, remember } = doing;
  const last = await lastJournal(table);
  const to = lastDayFor(timeZone, at);
  const since = last ? addDays(last.to, 1) : BOOKS_BEGIN;
  let count = 0;
  let first: Entry | undefined;
  for await (const entries of entriesByDay(table, since, to, { consistent: true })) {
    first ??= entries[0];
    count += entries.length;
  }
  if (!first) {
    throw new DomainError('journal_empty', `Nothing was posted since the last journal, up to ${to}.`);
  }
  const ordinal = (last?.ordinal ?? 0) + 1;
  const number = journalNumber(ordinal);
  const from = last ? since : first.date;
  const journal: Journal = {
    number,
    ordinal,
    from,
    to,
    entries: count,
    takenAt: at,
    takenBy: actor,
    chart: chart.policy,
    chartVersion: chart.version,
  };
  const key = keys.journal(ordinal);
  await commit(table, [
    remember(number),
    {
      do: 'put',
      item: { ...key, ...journal },
      when: [{ attribute: 'PK', is: 'absent' }],
      refusal: versionConflict('sequence of journals'),
    },
    recordFact('journal.taken', number, '000001', { at, actor, data: { number, from, to, entries: count } }),
  ]);
  return journal;
}

export async function loadJournal(table: Table, number: JournalNumber): Promise<Journal | undefined> {
  const item = await table.get(keys.journal(ordinalOf(number)), { consistent: true });
  return item && journalOf(item);
}

async function lastJournal(table: Table): Promise<Journal | undefined> {
  const { items } = await table.query({
    partition: ledgerPartitions.journals,
    prefix: prefixes.journal,
    newestFirst: true,
    limit: 1,
    consistent: true,
  });
  return items[0] && journalOf(items[0]);
}

function journalOf({ PK: _pk, SK: _sk, ...journal }: Item): Journal {
  return Journal.parse(journal);
}
