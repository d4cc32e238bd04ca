import { collapse } from '../../kernel/text.ts';
import type { Counterparty } from '../bank-statement.ts';
import { accountOf, amountAt, filled, present, presentOrNone, reference } from '../fields.ts';

/** What field 86 says of an entry. */
export type Information = {
  text: string;
  counterparty?: Counterparty;
  endToEndId?: string;
  mandateId?: string;
  creditorReference?: string;
  returnReason?: string;
  charges?: number;
};

/** Characters of one sub-field of purpose, and of one line. */
const SUBFIELD = 27;
const LINE = 65;

/**
 * Reads field 86. Structured (`166?00…?20…`): the German agreement, purpose in `?20`–`?29` and `?60`–`?63`, with
 * SEPA's `EREF+`, `MREF+`, `SVWZ+` within. Tagged: `/EREF/…/REMI/…`. Else all of it is text.
 */
export function informationOf(lines: readonly string[], currency: string, place: string): Information {
  const whole = lines.join('').trim();
  const structured = /^\d{3}([^\w\s/])\d\d/.exec(whole);
  if (structured?.[1]) return subfields(whole, structured[1], currency, place);
  const flowing = lines.reduce((text, line, index) => {
    const joined = index === 0 || (lines[index - 1]?.length ?? 0) >= LINE;
    return text + (joined ? '' : ' ') + line;
  }, '');
  return TAG.test(flowing) ? tagged(flowing) : { text: collapse(flowing) };
}

function subfields(whole: string, separator: string, currency: string, place: string): Information {
  const fields = new Map<string, string>();
  for (const part of whole.slice(3).split(separator).slice(1)) {
    const key = part.slice(0, 2);
    fields.set(key, (fields.get(key) ?? '') + part.slice(2));
  }
  const purpose = [...fields].filter(([key]) => /^(2\d|6[0-3])$/.test(key)).map(([, value]) => value);
  const sepa = sepaTags(purpose);
  const bank = filled(fields.get('30'));
  const number = filled(fields.get('31')) ?? sepa.get('IBAN');
  const iban = filled(fields.get('38'))?.replaceAll(' ', '');
  const account = number === undefined ? undefined : accountOf(number);
  const name = filled(`${fields.get('32') ?? ''}${fields.get('33') ?? ''}`) ?? filled(sepa.get('ABWA'));
  const bic = bank !== undefined && /^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/i.test(bank) ? bank : undefined;
  const text = filled(sepa.get('SVWZ')) ?? '';
  const returned = /^(108|109|159)$/.test(whole.slice(0, 3));
  return {
    text,
    ...present({
      counterparty: presentOrNone({
        name,
        iban: iban ?? account?.iban,
        account: iban === undefined ? account?.number : undefined,
        bic,
      }),
      endToEndId: reference(sepa.get('EREF')),
      mandateId: reference(sepa.get('MREF')),
      creditorReference: creditorReferenceIn(text),
      returnReason: returned ? RETURN_REASON.exec(text)?.[0] : undefined,
      charges: chargesOf(sepa.get('COAM'), currency, place),
    }),
  };
}

/** Reasons of ISO 20022's list that banks put into the text of a returned payment. */
const RETURN_REASON =
  /\b(AC0[146]|AC13|AG0[12]|AM0[45]|BE05|CUST|DNOR|FF0[15]|FOCR|MD0[1678]|MS0[23]|RC01|RR0[1-4]|SL01)\b/;

const SEPA = /(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC|COAM|OAMT)\+/;

/** SEPA's tags in the purpose; purpose without tags is all `SVWZ`. A full sub-field runs on in the next one. */
function sepaTags(purpose: readonly string[]): Map<string, string> {
  const flowing = purpose.reduce(
    (text, part, index) =>
      text + (index === 0 || (purpose[index - 1]?.length ?? 0) >= SUBFIELD ? '' : ' ') + part,
    '',
  );
  const [before = '', ...parts] = flowing.split(SEPA);
  const tags = new Map<string, string>();
  if (before.trim()) tags.set('SVWZ', before);
  for (let at = 0; at < parts.length; at += 2) {
    const key = parts[at] ?? '';
    const value = parts[at + 1] ?? '';
    tags.set(key, key === 'SVWZ' ? `${tags.get(key) ?? ''} ${value}` : value.replaceAll(' ', ''));
  }
  return tags;
}

const TAG =
  /\/(EREF|PREF|MARF|CSID|BENM|ORDP|REMI|IBAN|BIC|NAME|TRTP|RTRN|REJT|TRCD|SVCL|ULTD|ULTB|CNTP|PURP|ISDT|INFO)\//;

/** `/ORDP//NAME/ANNA/EREF/X1/REMI//USTD//Invoice 7/`; `/CNTP/` has account, BIC, name and city in that order. */
function tagged(flowing: string): Information {
  const [before = '', ...parts] = flowing.split(TAG);
  const tags = new Map<string, string>();
  for (let at = 0; at < parts.length; at += 2) {
    const value = filled((parts[at + 1] ?? '').replace(/^\/+|\/+$/g, ''));
    if (value !== undefined) tags.set(parts[at] ?? '', value);
  }
  const [number, bic, name] = (tags.get('CNTP') ?? '').split('/').map((part) => filled(part));
  const account = tags.get('IBAN') ?? number;
  const remittance = (tags.get('REMI') ?? '').replace(/^USTD\/+/, '');
  const [, strd] = /^STRD\/(?:CUR\/)?(.+)$/.exec(remittance) ?? [];
  const text = collapse([before, strd ?? remittance].join(' '));
  const who = account === undefined ? undefined : accountOf(account);
  return {
    text,
    ...present({
      counterparty: presentOrNone({
        name: tags.get('NAME') ?? name ?? tags.get('BENM') ?? tags.get('ORDP'),
        iban: who?.iban,
        account: who?.number,
        bic: tags.get('BIC') ?? bic,
      }),
      endToEndId: reference(tags.get('EREF')),
      mandateId: reference(tags.get('MARF')),
      creditorReference: strd?.replaceAll(' ', '') ?? creditorReferenceIn(text),
      returnReason: /^[A-Z]{2}\d\d|^[A-Z]{4}/.exec(tags.get('RTRN') ?? tags.get('REJT') ?? '')?.[0],
    }),
  };
}

/** A text that is a creditor reference of ISO 11649 and nothing else. */
function creditorReferenceIn(text: string): string | undefined {
  const compact = text.replaceAll(' ', '').toUpperCase();
  return /^RF\d\d[A-Z0-9]{1,21}$/.test(compact) ? compact : undefined;
}

/** `COAM+EUR 2,50`, the charges of a returned payment. */
function chargesOf(text: string | undefined, currency: string, place: string): number | undefined {
  const [, code = currency, digits] = /^([A-Z]{3})?\s*(\d+,\d*)/.exec(text ?? '') ?? [];
  if (digits === undefined || code !== currency) return undefined;
  return amountAt(digits.replace(',', '.'), currency, place) || undefined;
}
