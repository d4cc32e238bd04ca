import { companyFromEnv } from '#shared/company/company.ts';
import { type Answer, httpFunction, operation } from '#shared/http/http-function.ts';
import { addDays } from '#shared/kernel/calendar.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { dateIn } from '#shared/kernel/time.ts';
import { balanceOf, fillAccountPage } from '#shared/ledger/account-page.ts';
import { chartPolicy } from '#shared/ledger/chart.ts';
import { csvColumns, csvRow, writerOf } from '#shared/ledger/export-format.ts';
import { comesAfter, fillPage, readCursor, writeCursor } from '#shared/ledger/export-page.ts';
import { type Journal, JournalNumber } from '#shared/ledger/journal.ts';
import { loadJournal, takeJournal } from '#shared/ledger/journal-store.ts';
import * as api from '#shared/ledger/ledger-api.ts';
import { linesOfEntry } from '#shared/ledger/ledger-lines.ts';
import { entriesByDay } from '#shared/ledger/ledger-store.ts';
import { type ClosedPeriod, closableFrom, Month, monthAfter, monthOf } from '#shared/ledger/period.ts';
import {
  closePeriod,
  firstOpenDay,
  loadClosedPeriod,
  loadClosedPeriods,
  loadSums,
  loadTurnover,
} from '#shared/ledger/period-store.ts';
import { trialBalance } from '#shared/ledger/trial-balance.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import { onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const { timeZone } = companyFromEnv();

/** Days an export reads ahead: what does not fit the answer is read in vain. */
const AHEAD = 4;

const balance = operation(api.getTrialBalance, async ({ query, at }) => {
  const today = dateIn(timeZone, at);
  const { from, to, on = today } = query;
  const turnover = from !== undefined && to !== undefined;
  const [chart, sums] = await Promise.all([
    policyInForce(table, chartPolicy, today),
    turnover ? loadTurnover(table, from, earlier(to, today)) : loadSums(table, earlier(on, today)),
  ]);
  const balances = trialBalance(sums.turnover, chart.policy);
  return { body: { ...(turnover ? { from, to } : { on }), chart: chart.version, balances } };
});

const account = operation(api.getLedgerAccount, async ({ params, query, at }) => {
  const today = dateIn(timeZone, at);
  const { from, to, currency, limit } = query;
  const chart = await policyInForce(table, chartPolicy, today);
  const found = chart.policy.accounts.find(({ code }) => code === params.code);
  if (!found) throw new DomainError('account_not_found', `The chart has no account ${params.code}.`);
  const { role, code, name, type } = found;
  const list = `${role} ${currency} ${from} ${to}`;
  const cursor = readCursor(list, query.cursor);
  const opening = cursor?.b ?? balanceOf(await loadSums(table, addDays(from, -1)), role, currency);
  const { lines, closing, stoppedAfter } = await fillAccountPage(
    entriesByDay(table, cursor?.d ?? from, earlier(to, today), { ahead: AHEAD }),
    { role, currency, opening, limit },
    (entry) => comesAfter(entry, cursor),
  );
  const nextCursor = stoppedAfter && writeCursor(list, stoppedAfter, closing);
  const head = { role, account: code, name, type, currency, from, to };
  return { body: { ...head, opening, lines, closing, ...(nextCursor !== undefined && { nextCursor }) } };
});

const exported = operation(api.exportLedger, async ({ query, at }) => {
  const today = dateIn(timeZone, at);
  const { from, to, format } = query;
  const list = `${format} ${from} ${to}`;
  const cursor = readCursor(list, query.cursor);
  const { policy: chart } = await policyInForce(table, chartPolicy, today);
  const writer = writerOf(format, chart, from);
  const { pieces, stoppedAfter } = await fillPage(
    entriesByDay(table, cursor?.d ?? from, earlier(to, today), { ahead: AHEAD }),
    cursor,
    writer.entry,
  );
  const content = [...(cursor ? [] : [writer.head]), ...pieces].join('');
  return {
    text: { contentType: format === 'csv' ? 'text/csv' : 'text/plain', content },
    ...(stoppedAfter &&
      nextLink(`/v1/ledger/export?from=${from}&to=${to}&format=${format}`, writeCursor(list, stoppedAfter))),
  };
});

const periods = operation(api.listPeriods, async ({ at }) => {
  const today = dateIn(timeZone, at);
  const closed = await loadClosedPeriods(table);
  const last = closed.at(-1);
  const first = last ? monthAfter(last.month) : monthOf((await firstOpenDay(table, last, today)) ?? today);
  const open: Month[] = [];
  for (let month = first; month <= monthOf(today); month = monthAfter(month)) open.push(month);
  const items = open.map((month) => ({ month, status: 'open', closableFrom: closableFrom(month) }));
  return { body: { items: [...closed.map(closedView), ...items] } };
});

const close = operation(
  api.closePeriod,
  ({ params, caller, at, remember }) =>
    onFreshRead(async () => {
      const doing = { actor: caller.name, at, timeZone, remember };
      return { body: closedView(await closePeriod(table, params.month, doing)) };
    }),
  {
    replay: async (factId) => {
      const period = await loadClosedPeriod(table, Month.parse(factId.split('.')[1]));
      if (!period) throw new RangeError(`${factId} was remembered and is not there`);
      return { body: closedView(period) };
    },
  },
);

const take = operation(
  api.takeJournal,
  ({ caller, at, remember }) =>
    onFreshRead(async () => {
      const chart = await policyInForce(table, chartPolicy, dateIn(timeZone, at));
      const doing = { actor: caller.name, at, timeZone, chart, remember };
      return taken(await takeJournal(table, doing));
    }),
  { replay: async (number) => taken(await journalOf(JournalNumber.parse(number))) },
);

const get = operation(api.getJournal, async ({ params, query }) => {
  const journal = await journalOf(params.number);
  const { from, to, chart } = journal;
  const list = `${journal.number} ${query.format}`;
  const cursor = readCursor(list, query.cursor);
  const days = entriesByDay(table, cursor?.d ?? from, to, { ahead: AHEAD });
  if (query.format === 'csv') {
    const { pieces, stoppedAfter } = await fillPage(days, cursor, (entry) =>
      linesOfEntry(entry, chart).map(csvRow).join(''),
    );
    return {
      text: { contentType: 'text/csv', content: [...(cursor ? [] : [csvHead]), ...pieces].join('') },
      ...(stoppedAfter && nextLink(receiptOf(journal).links.csv, writeCursor(list, stoppedAfter))),
    };
  }
  const { pieces, stoppedAfter } = await fillPage(days, cursor, (entry) => linesOfEntry(entry, chart));
  return {
    body: {
      ...receiptOf(journal),
      lines: pieces.flat(),
      ...(stoppedAfter && { nextCursor: writeCursor(list, stoppedAfter) }),
    },
  };
});

/** `/v1/ledger`: trial balance, accounts, exports, periods and journals. */
export const handler = httpFunction(table, [balance, account, exported, periods, close, take, get]);

const csvHead = `${csvColumns.join(',')}\r\n`;

const earlier = <T extends string>(one: T, other: T): T => (one < other ? one : other);

function nextLink(path: string, cursor: string): Pick<Answer, 'headers'> {
  return { headers: { link: `<${path}&cursor=${cursor}>; rel="next"` } };
}

function closedView({ month, closedAt, closedBy }: ClosedPeriod) {
  return { month, status: 'closed', closedAt, closedBy };
}

async function journalOf(number: JournalNumber): Promise<Journal> {
  const journal = await loadJournal(table, number);
  if (!journal) throw new DomainError('journal_not_found', `There is no journal ${number}.`);
  return journal;
}

function receiptOf(journal: Journal): api.JournalReceipt {
  const { number, from, to, entries, takenAt, takenBy, chartVersion: chart } = journal;
  const self = `/v1/ledger/journals/${number}`;
  return { number, from, to, entries, takenAt, takenBy, chart, links: { self, csv: `${self}?format=csv` } };
}

function taken(journal: Journal): Answer {
  const body = receiptOf(journal);
  return { body, headers: { location: body.links.self } };
}
