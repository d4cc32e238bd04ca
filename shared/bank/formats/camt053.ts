import type { Currency } from '../../kernel/money.ts';
import type { CalendarDate } from '../../kernel/time.ts';
import { type XmlElement, xmlReader } from '../../kernel/xml-elements.ts';
import type { StatementAccount, StatementEvent } from '../bank-statement.ts';
import { accountOf, amountAt } from '../fields.ts';
import { type StatementSource, textOf } from '../source.ts';
import { currencyAt, invalid, Tally } from '../tally.ts';
import { bookingsOf } from './camt053-entry.ts';
import { dateOf, signed } from './camt053-values.ts';

const NAMESPACE = /^urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(\d\d)$/;
const VERSIONS = ['02', '03', '04', '08'];

/** What stands before the entries of a statement. */
type Head = { id?: string; account?: XmlElement; balances: XmlElement[]; opened: boolean };

type Balance = { amount: number; currency: Currency; on: CalendarDate };

/**
 * Bank to customer statement of ISO 20022, versions 2, 3, 4 and 8 (schemas: iso20022.org, message camt.053).
 * Memory holds one entry at a time. Only booked entries count; the opening balance is OPBD, else PRCD, else the first
 * ITBD; the closing balance CLBD, else the last ITBD.
 * @throws DomainError `statement_invalid`
 */
export async function* readCamt053(source: StatementSource): AsyncGenerator<StatementEvent> {
  const reader = camt053();
  for await (const text of textOf(source, 'utf-8')) {
    reader.write(text);
    yield* reader.take();
  }
  reader.end();
  yield* reader.take();
}

function camt053() {
  const tally = new Tally();
  let head: Head = { balances: [], opened: false };
  let closing: Balance | undefined;
  let currency: Currency;
  let account: StatementAccount;
  let rooted = false;
  let entries = 0;
  let lastLine = 1;

  const begin = (place: string) => {
    head.opened = true;
    account = ownAccount(head.account);
    const { opening, closing: last } = balancesOf(head.balances, place);
    closing = last;
    currency = currencyAt(head.account?.text('Ccy') ?? opening.currency, place);
    for (const [name, balance] of [
      ['opening', opening],
      ['closing', last],
    ] as const) {
      if (balance.currency !== currency) {
        throw invalid(
          place,
          `the account is in ${currency}, but its ${name} balance is in ${balance.currency}`,
        );
      }
    }
    const { id: statementId } = head;
    if (statementId === undefined) throw invalid(place, 'the statement has no Id');
    const start = { account, currency, statementId, openingOn: opening.on, openingBalance: opening.amount };
    tally.open(start, place);
  };

  const xml = xmlReader(
    'Stmt',
    {
      open(name, attributes, line) {
        if (!rooted) {
          rooted = true;
          checkRoot(name, attributes, `line ${line}`);
        }
        if (name === 'Stmt') {
          head = { balances: [], opened: false };
          entries = 0;
        }
      },
      whole(element, line) {
        const place = `statement ${tally.statements + (head.opened ? 0 : 1)}, line ${line}`;
        if (element.name === 'Id') head = { ...head, id: element.text() ?? '' };
        else if (element.name === 'Acct') head.account = element;
        else if (element.name === 'Bal') head.balances.push(element);
        else if (element.name === 'Ntry') {
          if (!head.opened) begin(place);
          entries += 1;
          const at = `${place}, Ntry ${entries}`;
          for (const booking of bookingsOf(element, { currency, account, place: at })) tally.add(booking, at);
        }
      },
      close(name, line) {
        lastLine = line;
        if (name !== 'Stmt') return;
        const place = `statement ${tally.statements + (head.opened ? 0 : 1)}, line ${line}`;
        if (!head.opened) begin(place);
        if (!closing) throw invalid(place, 'the statement has no closing balance');
        tally.close(
          { statementId: head.id ?? '', closingBalance: closing.amount, closingOn: closing.on },
          place,
        );
      },
    },
    invalid,
  );
  return {
    write: xml.write,
    take: () => tally.take(),
    end() {
      xml.end();
      tally.finish(`line ${lastLine}`);
    },
  };
}

function checkRoot(name: string, attributes: Readonly<Record<string, string>>, place: string): void {
  const namespace = Object.entries(attributes).find(
    ([key, value]) => /^xmlns(:|$)/.test(key) && NAMESPACE.test(value),
  )?.[1];
  const version = NAMESPACE.exec(namespace ?? '')?.[1];
  if (name !== 'Document' || version === undefined) throw invalid(place, 'this is no camt.053 document');
  if (!VERSIONS.includes(version)) {
    throw invalid(place, `camt.053 version ${Number(version)} is not read, only 2, 3, 4 and 8`);
  }
}

function ownAccount(element: XmlElement | undefined): StatementAccount {
  const iban = element?.text('Id', 'IBAN');
  const number = element?.text('Id', 'Othr', 'Id');
  const agent = element?.at('Svcr', 'FinInstnId');
  const bic = agent?.text('BICFI') ?? agent?.text('BIC');
  const own = iban ? { iban: iban.replaceAll(' ', '') } : number ? accountOf(number) : {};
  return { ...own, ...(bic && { bic }) };
}

function balancesOf(elements: XmlElement[], place: string): { opening: Balance; closing: Balance } {
  const ofType = (type: string) => elements.filter((one) => one.text('Tp', 'CdOrPrtry', 'Cd') === type);
  const interim = ofType('ITBD');
  const opening = ofType('OPBD')[0] ?? ofType('PRCD')[0] ?? interim[0];
  const closing = ofType('CLBD')[0] ?? interim.at(-1);
  if (!opening) throw invalid(place, 'the statement has no opening balance (OPBD, PRCD or ITBD)');
  if (!closing || closing === opening) {
    throw invalid(place, 'the statement has no closing balance (CLBD or ITBD)');
  }
  return { opening: balanceOf(opening, place), closing: balanceOf(closing, place) };
}

function balanceOf(element: XmlElement, place: string): Balance {
  const amount = element.at('Amt');
  const currency = currencyAt(amount?.attributes['Ccy'] ?? '', place);
  const size = amountAt(amount?.text() ?? '', currency, place);
  return { amount: signed(size, element, place), currency, on: dateOf(element.at('Dt'), place) };
}
