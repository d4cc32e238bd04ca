import type { Currency } from '../../kernel/money.ts';
import { collapse } from '../../kernel/text.ts';
import type { CalendarDate } from '../../kernel/time.ts';
import type { StatementAccount, StatementEvent } from '../bank-statement.ts';
import { accountOf, amountAt, filled, present, reference, shortDayAt } from '../fields.ts';
import { linesOf, type StatementSource } from '../source.ts';
import { type Booking, currencyAt, invalid, Tally } from '../tally.ts';
import { informationOf } from './mt940-information.ts';

/** A field as it stands in the file: `61`, its lines, and the line it begins on. */
type Field = { tag: string; lines: string[]; number: number };

/** What has been read of the message at hand. */
type Message = {
  reference: string;
  account?: StatementAccount;
  /** Number of the statement without that of the page. */
  statementNumber?: string;
  /** Sum of this page alone. */
  sum: number;
  opening?: Balance;
  booking?: Booking;
  information: string[];
  place: string;
};

type Balance = { amount: number; currency: Currency; on: CalendarDate };

/**
 * Customer statement of SWIFT, MT940 (SWIFT Standards Category 9; German field 86: DFÜ-Abkommen, Anlage 3, chapter 8),
 * in the dialects of banks: with or without SWIFT blocks, several statements, statements of several pages, field 86
 * free, structured by `?20` or tagged by `/EREF/`. Each page ties, and goes on where the page before ended.
 * @throws DomainError `statement_invalid`
 */
export async function* readMt940(source: StatementSource): AsyncGenerator<StatementEvent> {
  const reader = mt940();
  let field: Field | undefined;
  let number = 0;
  for await (const line of linesOf(source)) {
    number = line.number;
    const tag = /^:(\d\d[A-Z]?):/.exec(line.text);
    const start = /^(\{1:|\{4:|-\}|-\s*$|-X+\s*$)/.test(line.text);
    if (tag?.[1] || start) {
      if (field) reader.read(field);
      yield* reader.take();
      field = tag?.[1] ? { tag: tag[1], lines: [line.text.slice(tag[0].length)], number } : undefined;
    } else field?.lines.push(line.text);
    if (field && field.lines.length > MAX_FIELD_LINES)
      throw invalid(`line ${number}`, 'the field is too long');
  }
  if (field) reader.read(field);
  reader.end(number);
  yield* reader.take();
}

/** SWIFT allows six; banks write some more. */
const MAX_FIELD_LINES = 100;

function mt940() {
  const tally = new Tally();
  let message: Message | undefined;
  /** Where the page before ended, if the statement goes on. */
  let carried: Balance | undefined;

  const flush = () => {
    if (!message?.booking) return;
    const { booking, information, place } = message;
    const said = informationOf(information, tally.currency ?? '', place);
    const { text, counterparty, ...more } = said;
    const own = booking.counterparty ?? counterparty;
    tally.add(
      {
        ...booking,
        ...more,
        text: collapse(`${booking.text} ${text}`),
        ...(own && { counterparty: { ...own, ...counterparty } }),
      },
      place,
    );
    message.sum += booking.amount;
    delete message.booking;
  };

  const open = (balance: Balance, final: boolean, current: Message, place: string) => {
    current.opening = balance;
    if (carried) {
      if (final) throw invalid(place, 'the statement before ends with :62M: and does not go on');
      if (carried.amount !== balance.amount || carried.currency !== balance.currency) {
        throw invalid(
          place,
          `the page before ends at ${carried.amount}, this one begins at ${balance.amount}`,
        );
      }
      carried = undefined;
      return;
    }
    const { account = {}, statementNumber, reference } = current;
    const { amount: openingBalance, on: openingOn, currency } = balance;
    const statementId = statementNumber ?? reference;
    tally.open({ account, currency, statementId, openingOn, openingBalance }, place);
  };

  const close = (balance: Balance, final: boolean, current: Message, place: string) => {
    const { opening, sum, statementNumber, reference } = current;
    if (!opening) throw invalid(place, 'the statement has no opening balance (:60F: or :60M:)');
    if (balance.currency !== opening.currency) {
      throw invalid(
        place,
        `the closing balance is in ${balance.currency}, the opening one in ${opening.currency}`,
      );
    }
    if (!final && opening.amount + sum === balance.amount) {
      carried = balance;
      return;
    }
    const statementId = statementNumber ?? reference;
    tally.close({ statementId, closingBalance: balance.amount, closingOn: balance.on }, place);
  };

  return {
    take: () => tally.take(),
    read({ tag, lines, number }: Field): void {
      const place = `line ${number}, :${tag}:`;
      const text = lines.join('').trim();
      if (tag === '86') {
        if (message?.booking) message.information.push(...lines);
        return;
      }
      flush();
      if (tag === '20') {
        message = { reference: collapse(text), sum: 0, information: [], place };
        return;
      }
      if (!message) throw invalid(place, 'a field stands before :20:');
      if (tag === '25') message.account = accountOfField(text);
      else if (tag === '28' || tag === '28C')
        Object.assign(message, present({ statementNumber: numberOf(text) }));
      else if (tag === '60F' || tag === '60M') open(balanceOf(text, place), tag === '60F', message, place);
      else if (tag === '61') {
        if (!message.opening) throw invalid(place, 'an entry stands before the opening balance');
        message.place = place;
        message.information = [];
        message.booking = bookingOf(lines, message.opening.currency, place);
      } else if (tag === '62F' || tag === '62M') {
        close(balanceOf(text, place), tag === '62F', message, place);
        message = { ...message, information: [] };
        delete message.opening;
      }
    },
    end(number: number): void {
      const place = `line ${number}`;
      flush();
      if (carried) throw invalid(place, 'the last page ends with :62M:, and the statement does not go on');
      tally.finish(place);
    },
  };
}

/** `12345678/1234567EUR`, `NL12…`, `BIC/IBAN`: bank code and currency are no part of the number. */
function accountOfField(text: string): StatementAccount {
  const plain = text.replace(/\s*[A-Z]{3}$/, '');
  const [first = '', second] = plain.split('/');
  if (second === undefined) return accountOf(plain);
  const account = accountOf(second);
  if (account.iban !== undefined && /^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/.test(first))
    return { ...account, bic: first };
  return account.iban === undefined ? { number: plain } : account;
}

/** The number of the statement, without leading zeros and that of the page; undefined where the bank counts none. */
function numberOf(text: string): string | undefined {
  const number = (text.split('/')[0] ?? '').trim().replace(/^0+/, '');
  return number || undefined;
}

/** `C140829EUR147,64` */
function balanceOf(text: string, place: string): Balance {
  const match = /^([CD])(\d{6})([A-Z]{3})(\d+,\d*)$/.exec(text);
  if (!match) throw invalid(place, `“${text.slice(0, 40)}” is no balance`);
  const [, sign, day = '', code = '', digits = ''] = match;
  const currency = currencyAt(code, place);
  const size = amountAt(digits.replace(',', '.'), currency, place);
  return { amount: sign === 'D' && size !== 0 ? -size : size, currency, on: shortDayAt(day, place) };
}

/**
 * Field 61: value date, entry date, sign (`R` takes back), amount, type, references, and what the bank adds below.
 * A reference padded to 16 places is followed by the other side's name, as Rabobank writes it.
 */
function bookingOf(lines: string[], currency: Currency, place: string): Booking {
  const [first = '', ...supplement] = lines;
  const match = /^(\d{6})(\d{4})?(R?[CD])([A-Z])?(\d+,\d*)([A-Z][A-Z0-9]{3})(.*)$/.exec(first.trimEnd());
  if (!match) throw invalid(place, `“${first.slice(0, 60)}” is no entry`);
  const [, value = '', entered, sign = '', , digits = '', code, references = ''] = match;
  const valueOn = shortDayAt(value, place);
  const size = amountAt(digits.replace(',', '.'), currency, place);
  const [ours = '', banks] = references.split('//');
  const padded = /^(.{16})(\S.*)$/.exec(ours);
  const name = padded && banks === undefined ? filled(padded[2]) : undefined;
  const amount = sign === 'C' || sign === 'RD' ? size : -size;
  const written = supplement.join(' ').replace(/\/(OCMT|CHGS)\/.*$/, '');
  return {
    bookedOn: entered === undefined ? valueOn : entryDay(entered, valueOn, place),
    valueOn,
    amount,
    text: collapse(written),
    ...present({
      bankReference: reference(banks),
      endToEndId: reference(padded ? padded[1] : ours),
      counterparty: name === undefined ? undefined : { name },
      code,
      charges: chargesOf(supplement.join(''), currency, place),
    }),
  };
}

/** The entry date has no year: the one nearest to the value date is meant. */
function entryDay(text: string, valueOn: CalendarDate, place: string): CalendarDate {
  const year = Number(valueOn.slice(0, 4));
  const month = Number(text.slice(0, 2));
  const valueMonth = Number(valueOn.slice(5, 7));
  const shift = month - valueMonth > 6 ? -1 : valueMonth - month > 6 ? 1 : 0;
  return shortDayAt(`${String((year + shift) % 100).padStart(2, '0')}${text}`, place);
}

/** `/CHGS/EUR2,50/` below field 61. */
function chargesOf(text: string, currency: Currency, place: string): number | undefined {
  const [, code, digits] = /\/CHGS\/([A-Z]{3})(\d+,\d*)/.exec(text) ?? [];
  if (code !== currency || digits === undefined) return undefined;
  return amountAt(digits.replace(',', '.'), currency, place) || undefined;
}
