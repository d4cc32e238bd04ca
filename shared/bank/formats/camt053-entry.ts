import type { Currency } from '../../kernel/money.ts';
import { collapse } from '../../kernel/text.ts';
import type { XmlElement } from '../../kernel/xml-elements.ts';
import type { Counterparty, StatementAccount } from '../bank-statement.ts';
import { accountOf, amountAt, present, presentOrNone, reference } from '../fields.ts';
import { type Booking, invalid } from '../tally.ts';
import { dateOf, signed } from './camt053-values.ts';

/** What an entry is read within. */
type Context = { currency: Currency; account: StatementAccount; place: string };

/**
 * The bookings that an entry (`Ntry`) stands for: one for each of its details (`TxDtls`) where their amounts make
 * that of the entry, else a single one with all their texts. An entry that is not booked is none.
 * @throws DomainError `statement_invalid`
 */
export function bookingsOf(entry: XmlElement, context: Context): Booking[] {
  const { currency, place } = context;
  const status = entry.text('Sts', 'Cd') ?? entry.text('Sts');
  if (status !== 'BOOK') return [];
  const money = entry.at('Amt');
  if (money?.attributes['Ccy'] !== currency) {
    throw invalid(place, `the entry is in “${money?.attributes['Ccy'] ?? ''}”, the account in ${currency}`);
  }
  const amount = signed(amountAt(money.text() ?? '', currency, place), entry, place);
  const details = entry.all('NtryDtls').flatMap((details) => details.all('TxDtls'));
  const common = {
    bookedOn: dateOf(entry.at('BookgDt') ?? entry.at('ValDt'), place),
    ...(entry.at('ValDt') && { valueOn: dateOf(entry.at('ValDt'), place) }),
    ...present({ bankReference: entry.text('AcctSvcrRef') ?? entry.text('NtryRef') }),
  };
  const parts = details.length > 1 ? partsOf(details, amount, entry, context) : undefined;
  if (parts) {
    return details.map((detail, index) => ({
      ...common,
      amount: parts[index] ?? 0,
      ...describe(entry, detail, parts[index] ?? 0, context),
      batch: index + 1,
    }));
  }
  const [only] = details;
  const described = describe(entry, details.length === 1 ? only : undefined, amount, context);
  const text = collapse(details.map((detail) => remittance(detail)).join(' '));
  const batchReference = batchReferenceOf(entry, only);
  return [{ ...common, amount, ...described, ...(text && { text }), ...present({ batchReference }) }];
}

/** The signed amounts of details, or undefined where one has none, or they do not make the entry. */
function partsOf(details: XmlElement[], amount: number, entry: XmlElement, { currency, place }: Context) {
  const parts: number[] = [];
  for (const detail of details) {
    const money = [detail.at('Amt'), detail.at('AmtDtls', 'TxAmt', 'Amt')].find(
      (one) => one?.attributes['Ccy'] === currency,
    );
    if (!money) return undefined;
    const size = amountAt(money.text() ?? '', currency, place);
    if (size === 0) return undefined;
    parts.push(signed(size, detail.at('CdtDbtInd') ? detail : entry, place));
  }
  return parts.reduce((sum, part) => sum + part, 0) === amount ? parts : undefined;
}

/** What an entry and its detail, if it has one, say beside the amount. */
function describe(entry: XmlElement, detail: XmlElement | undefined, amount: number, context: Context) {
  const refs = detail?.at('Refs');
  const returned = detail?.at('RtrInf');
  const reversed = /^(true|1)$/.test(entry.text('RvslInd') ?? '') || returned !== undefined;
  const charges = chargesOf(detail ?? entry, context);
  return {
    text: (detail && remittance(detail)) || (entry.text('AddtlNtryInf') ?? ''),
    ...present({
      bankReference: entry.text('AcctSvcrRef') ?? refs?.text('AcctSvcrRef') ?? entry.text('NtryRef'),
      endToEndId: reference(refs?.text('EndToEndId')),
      mandateId: reference(refs?.text('MndtId')),
      creditorReference: detail
        ?.at('RmtInf')
        ?.all('Strd')
        .map((one) => one.text('CdtrRefInf', 'Ref'))
        .find((ref) => ref !== undefined)
        ?.replaceAll(' ', ''),
      counterparty: detail && counterpartyOf(detail, amount > 0 !== reversed, context.account),
      code: codeOf(detail) ?? codeOf(entry),
      returnReason: returned?.text('Rsn', 'Cd') ?? returned?.text('Rsn', 'Prtry'),
      charges: charges > 0 ? charges : undefined,
    }),
  };
}

/** What of ours a booking of one sum is: the payment information, else the message. */
function batchReferenceOf(entry: XmlElement, detail: XmlElement | undefined): string | undefined {
  const batch = entry.at('NtryDtls')?.at('Btch');
  const refs = detail?.at('Refs');
  const told = [batch?.text('PmtInfId'), refs?.text('PmtInfId'), batch?.text('MsgId')];
  return told.map(reference).find((one) => one !== undefined);
}

/** All that the payer wrote: free text, then what the structured parts tell beside the reference. */
function remittance(detail: XmlElement): string {
  const info = detail.at('RmtInf');
  const free = (info?.all('Ustrd') ?? []).map((one) => one.text() ?? '');
  const structured = (info?.all('Strd') ?? []).flatMap((one) => [
    ...one.all('RfrdDocInf').map((document) => document.text('Nb') ?? ''),
    ...one.all('AddtlRmtInf').map((more) => more.text() ?? ''),
  ]);
  const text = collapse([...free, ...structured].join(' '));
  return text || (detail.text('AddtlTxInf') ?? '');
}

/**
 * The other side: who paid where money came in, else who was paid. A reversal keeps the roles of the payment that it
 * takes back. Where that side is the company itself, it is the other one.
 */
function counterpartyOf(detail: XmlElement, payerIsOther: boolean, own: StatementAccount) {
  const sides = payerIsOther ? ['Dbtr', 'Cdtr'] : ['Cdtr', 'Dbtr'];
  for (const side of sides) {
    const party = partyOf(detail, side);
    if (party && (party.iban === undefined || party.iban !== own.iban)) return party;
  }
  return undefined;
}

/** `Dbtr` or `Cdtr` of a detail. Version 8 puts `Pty` between a party and its name. */
function partyOf(detail: XmlElement, side: string): Counterparty | undefined {
  const parties = detail.at('RltdPties');
  const nameOf = (one: XmlElement | undefined) => one?.text('Nm') ?? one?.text('Pty', 'Nm');
  const id = parties?.at(`${side}Acct`, 'Id');
  const agent = detail.at('RltdAgts', `${side}Agt`, 'FinInstnId');
  const other = id?.text('Othr', 'Id');
  const account = other === undefined ? undefined : accountOf(other);
  return presentOrNone({
    name: nameOf(parties?.at(side)) ?? nameOf(parties?.at(`Ultmt${side}`)),
    iban: id?.text('IBAN')?.replaceAll(' ', '') ?? account?.iban,
    account: account?.number,
    bic: agent?.text('BICFI') ?? agent?.text('BIC'),
  });
}

/** Domain, family and sub-family, else the bank's own code. */
function codeOf(element: XmlElement | undefined): string | undefined {
  const code = element?.at('BkTxCd');
  const domain = code?.text('Domn', 'Cd');
  const family = code?.at('Domn', 'Fmly');
  return domain
    ? [domain, family?.text('Cd'), family?.text('SubFmlyCd')].filter(Boolean).join('/')
    : code?.text('Prtry', 'Cd');
}

/** What the bank kept, in minor units: the total where it writes one, else the sum of single charges. */
function chargesOf(element: XmlElement, { currency, place }: Context): number {
  const blocks = element.all('Chrgs');
  const total = blocks.map((block) => block.at('TtlChrgsAndTaxAmt')).find((one) => one !== undefined);
  const singles = blocks.flatMap((block) => [
    ...block.all('Amt'),
    ...block.all('Rcrd').flatMap((r) => r.all('Amt')),
  ]);
  return (total ? [total] : singles)
    .filter((one) => one.attributes['Ccy'] === currency)
    .reduce((sum, one) => sum + amountAt(one.text() ?? '', currency, place), 0);
}
