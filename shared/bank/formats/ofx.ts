import type { Currency } from '../../kernel/money.ts';
import type { CalendarDate } from '../../kernel/time.ts';
import type { StatementEvent } from '../bank-statement.ts';
import { accountOf, amountAt, dayAt, filled, present, presentOrNone, reference } from '../fields.ts';
import { peek, type StatementSource, textOf } from '../source.ts';
import { currencyAt, invalid, Tally } from '../tally.ts';
import { type Aggregate, ofxReader } from './ofx-elements.ts';

/**
 * Open Financial Exchange, versions 1 (SGML, tags without ends) and 2 (XML); specification: financialdataexchange.org.
 * Bank and card statements. OFX writes no opening balance: it is what the ledger balance leaves after the entries,
 * unless `openingBalance` (minor units) is known, which must tie then.
 * @throws DomainError `statement_invalid`
 */
export async function* readOfx(
  source: StatementSource,
  options: { openingBalance?: number } = {},
): AsyncGenerator<StatementEvent> {
  const { head, all } = await peek(source, 512);
  const header = Buffer.from(head).toString('latin1');
  const latin = /CHARSET:\s*1252|CHARSET:\s*8859-1|encoding="(ISO-8859-1|windows-1252)"/i.test(header);
  const reader = ofx(options.openingBalance);
  for await (const text of textOf(all, latin ? 'windows-1252' : 'utf-8')) {
    reader.write(text);
    yield* reader.take();
  }
  reader.end();
  yield* reader.take();
}

function ofx(given: number | undefined) {
  const tally = new Tally();
  let currency: Currency | undefined;
  let account: Aggregate | undefined;
  let period: { from?: CalendarDate; to?: CalendarDate } = {};
  let ledger: Aggregate | undefined;
  let opened = false;

  const open = (place: string) => {
    if (opened) return;
    opened = true;
    if (!currency) throw invalid(place, 'the statement has no currency (CURDEF)');
    const number = account?.text('ACCTID') ?? '';
    const own = number ? { ...accountOf(number) } : {};
    tally.open({ account: own, currency, ...(given !== undefined && { openingBalance: given }) }, place);
  };

  const close = (place: string) => {
    open(place);
    if (!currency || !ledger) throw invalid(place, 'the statement has no ledger balance (LEDGERBAL)');
    const closingBalance = amountOf(ledger.text('BALAMT') ?? '', currency, place);
    const closingOn = dateOf(ledger.text('DTASOF') ?? '', place);
    const statementId = `${period.from ?? ''}..${period.to ?? closingOn}`;
    const openingBalance = given ?? closingBalance - tally.sum;
    tally.close({ statementId, openingBalance, openingOn: period.from, closingBalance, closingOn }, place);
  };

  const reader = ofxReader({
    open(name) {
      if (name !== 'STMTRS' && name !== 'CCSTMTRS') return;
      opened = false;
      currency = undefined;
      account = undefined;
      ledger = undefined;
      period = {};
    },
    leaf(name, value, place) {
      if (name === 'CURDEF') currency = currencyAt(value, place);
      else if (name === 'DTSTART') period.from = dateOf(value, place);
      else if (name === 'DTEND') period.to = dateOf(value, place);
    },
    close(aggregate, place) {
      const { name } = aggregate;
      if (name === 'BANKACCTFROM' || name === 'CCACCTFROM') account = aggregate;
      else if (name === 'LEDGERBAL') ledger = aggregate;
      else if (name === 'STMTTRN') {
        open(place);
        if (currency) tally.add(bookingOf(aggregate, currency, place), place);
      } else if (name === 'STMTRS' || name === 'CCSTMTRS') close(place);
    },
  });
  return {
    write: (text: string) => reader.write(text),
    take: () => tally.take(),
    end() {
      reader.end();
      tally.finish(reader.place());
    },
  };
}

function bookingOf(transaction: Aggregate, currency: Currency, place: string) {
  const posted = dateOf(transaction.text('DTPOSTED') ?? '', place);
  const available = transaction.text('DTAVAIL');
  const payee = transaction.inner('PAYEE');
  const other = transaction.inner('BANKACCTTO') ?? transaction.inner('CCACCTTO');
  const number = filled(other?.text('ACCTID'));
  const account = number === undefined ? undefined : accountOf(number);
  const name = filled(transaction.text('NAME')) ?? filled(payee?.text('NAME'));
  return {
    bookedOn: posted,
    ...(available && { valueOn: dateOf(available, place) }),
    amount: amountOf(transaction.text('TRNAMT') ?? '', currency, place),
    text: filled(transaction.text('MEMO')) ?? '',
    ...present({
      bankReference: reference(transaction.text('FITID')),
      endToEndId: reference(transaction.text('REFNUM')) ?? reference(transaction.text('CHECKNUM')),
      counterparty: presentOrNone({ name, iban: account?.iban, account: account?.number }),
      code: filled(transaction.text('TRNTYPE')),
    }),
  };
}

/** `-12.50`, `+12,50`: either decimal sign, no thousands. */
function amountOf(text: string, currency: Currency, place: string): number {
  const match = /^([+-]?)(\d*[.,]?\d*)$/.exec(text.trim());
  if (!match?.[2]) throw invalid(place, `“${text}” is no amount in ${currency}`);
  const size = amountAt(match[2].replace(',', '.').replace(/^\./, '0.'), currency, place);
  return match[1] === '-' && size !== 0 ? -size : size;
}

/** `20260331`, `20260331120000.000[-5:EST]`: the day as the bank writes it. */
function dateOf(text: string, place: string): CalendarDate {
  const [, year = '', month = '', day = ''] = /^(\d{4})(\d\d)(\d\d)/.exec(text) ?? [];
  return dayAt(year, month, day, place);
}
