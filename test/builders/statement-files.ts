import type { StatementEntry, StatementHeader } from '#shared/bank/bank-statement.ts';
import { CsvMapping } from '#shared/bank/csv-mapping.ts';
import { minorDigits } from '#shared/kernel/money.ts';

/** A statement to be written as a bank writes it. */
export type Written = { header: StatementHeader; entries: StatementEntry[] };

/** Minor units without sign as a decimal with `point`. */
function decimal(amount: number, currency: string, point = '.'): string {
  const digits = minorDigits(currency);
  const text = String(Math.abs(amount)).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}${point}${text.slice(-digits)}`;
}

const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const sideOf = (amount: number) => (amount < 0 ? 'DBIT' : 'CRDT');
const element = (name: string, text: string | undefined) =>
  text === undefined ? '' : `<${name}>${escape(text)}</${name}>`;

function camtBalance(type: string, amount: number, on: string | undefined, currency: string): string {
  return (
    `<Bal><Tp><CdOrPrtry><Cd>${type}</Cd></CdOrPrtry></Tp><Amt Ccy="${currency}">${decimal(amount, currency)}</Amt>` +
    `<CdtDbtInd>${sideOf(amount)}</CdtDbtInd><Dt><Dt>${on}</Dt></Dt></Bal>`
  );
}

/** The versions of camt.053. */
type CamtVersion = '02' | '03' | '04' | '08';

/** One entry with one detail, as `version` has it. */
export function camtEntry(entry: StatementEntry, version: CamtVersion = '02'): string {
  const { amount, currency, counterparty } = entry;
  const side = amount > 0 ? 'Dbtr' : 'Cdtr';
  const name = element('Nm', counterparty?.name);
  const bic = counterparty?.bic;
  const money = `<Amt Ccy="${currency}">${decimal(amount, currency)}</Amt>`;
  return (
    `<Ntry>${money}<CdtDbtInd>${sideOf(amount)}</CdtDbtInd>` +
    `<Sts>${version === '08' ? '<Cd>BOOK</Cd>' : 'BOOK'}</Sts><BookgDt><Dt>${entry.bookedOn}</Dt></BookgDt>` +
    (entry.valueOn === undefined ? '' : `<ValDt><Dt>${entry.valueOn}</Dt></ValDt>`) +
    element('AcctSvcrRef', entry.bankReference) +
    `<BkTxCd><Prtry><Cd>${entry.code}</Cd></Prtry></BkTxCd>` +
    '<NtryDtls><TxDtls>' +
    `<Refs>${element('EndToEndId', entry.endToEndId)}${element('MndtId', entry.mandateId)}</Refs>` +
    (version === '02'
      ? `<AmtDtls><TxAmt>${money}</TxAmt></AmtDtls>`
      : `${money}<CdtDbtInd>${sideOf(amount)}</CdtDbtInd>`) +
    chargesOf(entry, version) +
    `<RltdPties><${side}>${version === '08' ? `<Pty>${name}</Pty>` : name}</${side}>` +
    (counterparty?.iban === undefined
      ? ''
      : `<${side}Acct><Id><IBAN>${counterparty.iban}</IBAN></Id></${side}Acct>`) +
    '</RltdPties>' +
    (bic === undefined
      ? ''
      : `<RltdAgts><${side}Agt><FinInstnId>${element(version === '02' ? 'BIC' : 'BICFI', bic)}</FinInstnId></${side}Agt></RltdAgts>`) +
    `<RmtInf>${element('Ustrd', entry.text || undefined)}` +
    (entry.creditorReference === undefined
      ? ''
      : `<Strd><CdtrRefInf><Ref>${entry.creditorReference}</Ref></CdtrRefInf></Strd>`) +
    '</RmtInf>' +
    (entry.returnReason === undefined ? '' : `<RtrInf><Rsn><Cd>${entry.returnReason}</Cd></Rsn></RtrInf>`) +
    '</TxDtls></NtryDtls></Ntry>'
  );
}

function chargesOf({ charges, currency }: StatementEntry, version: CamtVersion): string {
  if (charges === undefined) return '';
  const amount = `<Amt Ccy="${currency}">${decimal(charges, currency)}</Amt>`;
  return `<Chrgs>${version === '02' ? amount : `<Rcrd>${amount}</Rcrd>`}</Chrgs>`;
}

/** Piece by piece, so that a bench can write more than fits. */
export function* camt053(
  header: StatementHeader,
  entries: Iterable<string>,
  version: CamtVersion = '02',
): Generator<string> {
  const { account, currency } = header;
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.${version}"><BkToCstmrStmt>` +
    '<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-31T20:00:00</CreDtTm></GrpHdr>' +
    `<Stmt><Id>${header.statementId}</Id><CreDtTm>2026-03-31T20:00:00</CreDtTm><Acct><Id><IBAN>${account.iban}</IBAN></Id><Ccy>${currency}</Ccy></Acct>` +
    camtBalance('OPBD', header.openingBalance, header.openingOn, currency) +
    camtBalance('CLBD', header.closingBalance, header.closingOn, currency);
  yield* entries;
  yield '</Stmt></BkToCstmrStmt></Document>';
}

const shortDay = (day: string | undefined) => (day ?? '').replaceAll('-', '').slice(2);
const swift = (amount: number, currency: string) => {
  const text = decimal(amount, currency, ',');
  return text.includes(',') ? text : `${text},`;
};

/** An MT940 whose field 86 is the German structured one: 27 characters of purpose a sub-field. */
export function mt940({ header, entries }: Written): string {
  const { account, currency } = header;
  const balance = (amount: number, on: string | undefined) =>
    `${amount < 0 ? 'D' : 'C'}${shortDay(on)}${currency}${swift(amount, currency)}`;
  const lines = entries.flatMap((entry) => {
    const purpose = [
      ...(entry.endToEndId === undefined ? [] : [`EREF+${entry.endToEndId}`]),
      ...(entry.mandateId === undefined ? [] : [`MREF+${entry.mandateId}`]),
      `SVWZ+${entry.text}`,
    ].flatMap((text) => text.match(/.{1,27}/g) ?? []);
    const sub = (key: string, text: string | undefined) => (text === undefined ? '' : `?${key}${text}`);
    return [
      `:61:${shortDay(entry.valueOn)}${shortDay(entry.bookedOn).slice(2)}${entry.amount < 0 ? 'D' : 'C'}` +
        `${swift(entry.amount, currency)}${entry.code}NONREF//${entry.bankReference}`,
      `:86:166?00SEPA?109310${purpose.map((text, index) => `?${20 + index}${text}`).join('')}` +
        sub('30', entry.counterparty?.bic) +
        sub('31', entry.counterparty?.iban) +
        sub('32', entry.counterparty?.name),
    ];
  });
  return [
    ':20:STARTUMS',
    `:25:${account.iban}`,
    `:28C:${header.statementId}/1`,
    `:60F:${balance(header.openingBalance, header.openingOn)}`,
    ...lines,
    `:62F:${balance(header.closingBalance, header.closingOn)}`,
    '-',
    '',
  ].join('\r\n');
}

/** A CSV with German numbers and days, quotes and a balance after each entry. */
export function csv({ header, entries }: Written): string {
  const { currency } = header;
  const quote = (text: string | undefined) => `"${(text ?? '').replaceAll('"', '""')}"`;
  const day = (text: string | undefined) => (text ?? '').split('-').reverse().join('.');
  const money = (amount: number) => `${amount < 0 ? '-' : ''}${decimal(amount, currency, ',')}`;
  let balance = header.openingBalance;
  const rows = entries.map((entry) => {
    balance += entry.amount;
    const { counterparty } = entry;
    return [
      day(entry.bookedOn),
      day(entry.valueOn),
      money(entry.amount),
      quote(entry.text),
      quote(counterparty?.name),
      quote(counterparty?.iban),
      quote(counterparty?.bic),
      quote(entry.bankReference),
      quote(entry.endToEndId),
      quote(entry.creditorReference),
      quote(entry.code),
      money(balance),
    ].join(';');
  });
  return ['Kontoauszug', Object.keys(columns).join(';'), ...rows, ''].join('\r\n');
}

const columns = {
  Buchung: 'bookedOn',
  Valuta: 'valueOn',
  Betrag: 'amount',
  Zweck: 'text',
  Name: 'name',
  IBAN: 'iban',
  BIC: 'bic',
  Beleg: 'bankReference',
  Ende: 'endToEndId',
  RF: 'creditorReference',
  Art: 'code',
  Saldo: 'balance',
} as const;

/** How `csv` writes. */
export function csvMapping({ account, currency }: StatementHeader): CsvMapping {
  return CsvMapping.parse({
    account,
    currency,
    encoding: 'utf-8',
    delimiter: ';',
    decimal: ',',
    dateFormat: 'DD.MM.YYYY',
    skipLines: 1,
    header: true,
    order: 'oldest first',
    columns: {
      ...Object.fromEntries(Object.entries(columns).map(([name, field]) => [field, name])),
      text: ['Zweck'],
    },
  });
}
