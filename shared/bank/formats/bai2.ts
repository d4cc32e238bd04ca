import type { Currency } from '../../kernel/money.ts';
import { collapse } from '../../kernel/text.ts';
import type { CalendarDate } from '../../kernel/time.ts';
import type { StatementEvent } from '../bank-statement.ts';
import { accountOf, filled, present, reference, shortDayAt } from '../fields.ts';
import { linesOf, type StatementSource } from '../source.ts';
import { currencyAt, invalid, Tally } from '../tally.ts';
import { ControlTotals, signedInteger, skipFunds, unsignedInteger } from './bai2-totals.ts';

/** A record with its continuations; `lines` counts physical ones. */
type BaiRecord = { code: string; fields: string[]; lines: number; place: string };

/** The group at hand: whose day it is, and in which currency it counts. */
type Group = { asOf: CalendarDate; currency: string };

/**
 * Cash management balance report of the Bank Administration Institute, version 2 (BAI2; since 2013 ANSI X9.121).
 * Amounts are whole minor units of the account's currency. Control totals and record counts of account, group and
 * file are checked. Balances: ledger (010, 015), else available ones (040, 045), as long as they tie.
 * @throws DomainError `statement_invalid`
 */
export async function* readBai2(source: StatementSource): AsyncGenerator<StatementEvent> {
  const reader = bai2();
  for await (const record of recordsOf(source)) {
    reader.read(record);
    yield* reader.take();
  }
  reader.end();
  yield* reader.take();
}

/** Puts a record and its continuations (88) together; where text goes on, a line end is a space. */
async function* recordsOf(source: StatementSource): AsyncGenerator<BaiRecord> {
  let raw: string | undefined;
  let place = 'line 1';
  let lines = 0;
  const record = () => {
    const fields = (raw ?? '').split(',');
    return { code: fields[0] ?? '', fields: fields.slice(1), lines, place };
  };
  for await (const { text, number } of linesOf(source)) {
    const line = text.trimEnd().replace(/\s*\/$/, '');
    if (line === '' && text.trim() === '') continue;
    const code = line.slice(0, 2);
    if (!/^(01|02|03|16|49|88|98|99)$/.test(code) || (line.length > 2 && line[2] !== ',')) {
      throw invalid(`line ${number}`, `“${line.slice(0, 12)}” is no record of BAI2`);
    }
    if (code === '88') {
      if (raw === undefined) throw invalid(`line ${number}`, 'a continuation (88) stands first');
      if (raw.length > MAX_RECORD) throw invalid(`line ${number}`, 'the record is too long');
      raw += `,\n${line.slice(3)}`;
      lines += 1;
      continue;
    }
    if (raw !== undefined) yield record();
    raw = line;
    place = `line ${number}`;
    lines = 1;
  }
  if (raw !== undefined) yield record();
}

/** Characters; a summary of all type codes fits many times. */
const MAX_RECORD = 262_144;

function bai2() {
  const tally = new Tally();
  const totals = new ControlTotals();
  let group: Group | undefined;
  let account: { currency: Currency; asOf: CalendarDate; closing: number; statementId: string } | undefined;
  let begun = false;
  let ended = false;

  const openAccount = ({ fields, place }: BaiRecord) => {
    if (!group || account) throw invalid(place, 'an account (03) stands outside a group or within another');
    const { asOf } = group;
    const currency = currencyAt(filled(fields[1]) ?? group.currency, place);
    const balances = summaryOf(fields.slice(2), place);
    for (const amount of balances.amounts) totals.add(amount);
    const of = (ledger: string, available: string) =>
      balances.byType.get(ledger) ?? balances.byType.get(available);
    const ledgers = balances.byType.has('010') || balances.byType.has('015');
    const opening = ledgers ? balances.byType.get('010') : of('010', '040');
    const closing = ledgers ? balances.byType.get('015') : of('015', '045');
    if (opening === undefined || closing === undefined) {
      const missing = opening === undefined ? 'opening balance (010)' : 'closing balance (015)';
      throw invalid(place, `the account reports no ${missing}`);
    }
    // Not the file's id: a bank sends the same day again under another.
    const statementId = `${asOf}/${tally.statements + 1}`;
    account = { currency, asOf, closing, statementId };
    tally.open(
      { account: accountOf(fields[0] ?? ''), currency, statementId, openingBalance: opening },
      place,
    );
  };

  const addEntry = ({ fields, place }: BaiRecord) => {
    if (!account) throw invalid(place, 'an entry (16) stands outside an account');
    const [code = '', digits = ''] = fields;
    const size = unsignedInteger(digits, place);
    totals.add(size);
    const sign = signOf(code, place);
    if (sign === 0) return;
    const { at, valueOn } = skipFunds(fields, 2, place);
    const [banks, customers, ...text] = fields.slice(at);
    tally.add(
      {
        bookedOn: account.asOf,
        ...(valueOn !== undefined && { valueOn: shortDayAt(valueOn, place) }),
        amount: sign * size,
        text: collapse(text.join(',').replaceAll(',\n', ' ')),
        ...present({ bankReference: reference(banks), endToEndId: reference(customers) }),
        code,
      },
      place,
    );
  };

  return {
    take: () => tally.take(),
    read(record: BaiRecord): void {
      const { code, fields, lines, place } = record;
      if (ended) throw invalid(place, 'a record follows the end of the file (99)');
      if ((code === '01') === begun) {
        throw invalid(
          place,
          begun ? 'a second file header (01)' : 'the file does not begin with its header (01)',
        );
      }
      totals.count(lines);
      if (code === '01') begun = true;
      else if (code === '02') {
        if (group) throw invalid(place, 'a group (02) stands within another');
        const status = (fields[2] ?? '').trim();
        if (status === '2' || status === '4') {
          throw invalid(place, `the group is a ${status === '2' ? 'deletion' : 'test'} (status ${status})`);
        }
        group = { asOf: shortDayAt((fields[3] ?? '').trim(), place), currency: filled(fields[5]) ?? 'USD' };
        totals.openGroup(lines);
      } else if (code === '03') {
        totals.openAccount(lines);
        openAccount(record);
      } else if (code === '16') addEntry(record);
      else if (code === '49') {
        if (!account) throw invalid(place, 'an account trailer (49) without account');
        totals.closeAccount(fields, place);
        tally.close(
          { statementId: account.statementId, closingBalance: account.closing, closingOn: account.asOf },
          place,
        );
        account = undefined;
      } else if (code === '98') {
        if (!group || account) throw invalid(place, 'a group trailer (98) out of place');
        totals.closeGroup(fields, place);
        group = undefined;
      } else {
        if (group) throw invalid(place, 'the file trailer (99) stands within a group');
        totals.closeFile(fields, place);
        ended = true;
      }
    },
    end(): void {
      if (!ended) throw invalid('the end of the file', 'the file trailer (99) is missing');
      tally.finish('the end of the file');
    },
  };
}

/** The summary of an account: type code, amount, count of items, funds type; again and again. */
function summaryOf(fields: readonly string[], place: string) {
  const byType = new Map<string, number>();
  const amounts: number[] = [];
  for (let at = 0; at < fields.length; ) {
    const type = (fields[at] ?? '').trim();
    if (type === '') {
      at += 4;
      continue;
    }
    if (!/^\d{3}$/.test(type)) throw invalid(place, `“${type}” is no type code`);
    const digits = (fields[at + 1] ?? '').trim();
    if (digits !== '') {
      const amount = signedInteger(digits, place);
      byType.set(type, amount);
      amounts.push(amount);
    }
    ({ at } = skipFunds(fields, at + 3, place));
  }
  return { byType, amounts };
}

/** Types 100–399 and 920–959 come in, 400–699 and 960–999 go out, 890 is a message without money. */
function signOf(code: string, place: string): 1 | -1 | 0 {
  const type = /^\d{3}$/.test(code) ? Number(code) : 0;
  if (type === 890) return 0;
  if ((type >= 100 && type <= 399) || (type >= 920 && type <= 959)) return 1;
  if ((type >= 400 && type <= 699) || (type >= 960 && type <= 999)) return -1;
  throw invalid(place, `type code “${code}” is neither a credit nor a debit`);
}
