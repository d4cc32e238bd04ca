import { DomainError } from '../kernel/errors.ts';

/** Field names under which a shop would send a card, in lower case without `_`, `-` and spaces. */
const cardFields: ReadonlySet<string> = new Set([
  'cardnumber',
  'cardno',
  'ccnumber',
  'creditcard',
  'creditcardnumber',
  'debitcardnumber',
  'pan',
  'primaryaccountnumber',
  'cvc',
  'cvc2',
  'cvv',
  'cvv2',
  'cid',
  'cardcvc',
  'cardcvv',
  'cardsecuritycode',
  'track1',
  'track2',
]);

/** Fields for numbers that others give out, some with the same check digit as cards. */
const numericFields: ReadonlySet<string> = new Set([
  'gtin',
  'ean',
  'iban',
  'trackingnumber',
  'creditorreference',
  'endtoendid',
  'bankreference',
]);

/**
 * 15 or 16 digits, as one number or in groups parted by single spaces or hyphens, with nothing of a word and no other
 * group before or behind: so not the rest of an IBAN or an RF reference, whose first group ends in digits.
 */
const digitRuns = /(?<![A-Za-z0-9]|\d[ -])\d(?:[ -]?\d){14,15}(?![A-Za-z0-9]|[ -]\d)/g;

/** American Express (15 digits); Visa, Mastercard, Discover, JCB, UnionPay (16), by ISO/IEC 7812 issuer prefix. */
const issuers =
  /^(?:3[47]\d{13}|(?:4\d{3}|5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720|6011|64[4-9]\d|65\d{2}|35(?:2[89]|[3-8]\d)|62\d{2})\d{12})$/;

/**
 * Refuses a request body with card data, so that none ever enters the system (PCI DSS: what is not taken needs no
 * protection). Refused is, at any depth:
 * - a field whose name says that it is for card data (`cardNumber`, `pan`, `cvc` …) and that is not empty;
 * - a text or a number that holds 15 or 16 digits, alone or in groups, which begin as an issuer's cards do and pass the
 *   Luhn check (ISO/IEC 7812-1, annex B): under any name, in the midst of other text too.
 * Cards of 13, 14 and 19 digits are told by the field's name only, since GTIN-13 and GTIN-14 have the same length and one
 * in ten numbers passes the check. So that no other number is taken for a card, fields for numbers that others give
 * out are not looked into (`gtin`, `ean`, `iban`, `trackingNumber`, `creditorReference`, `endToEndId`,
 * `bankReference`), nor are bodies that are not read as fields: files, and webhooks, which are signed.
 * @throws DomainError `card_data_refused` with the path of the first field, never with its value
 */
export function refuseCardData(body: unknown): void {
  const path = cardDataIn(body, '', []);
  if (path === undefined) return;
  throw new DomainError(
    'card_data_refused',
    'The body holds what looks like a card number or code. Never send card data here: let the customer pay by the payment link.',
    { issues: [{ path: path.join('.'), message: 'must not hold card data' }] },
  );
}

/** Where `value` holds card data; undefined where it does not. */
function cardDataIn(value: unknown, name: string, path: readonly string[]): readonly string[] | undefined {
  const field = name.toLowerCase().replaceAll(/[\s_-]/g, '');
  if (cardFields.has(field) && value !== null && value !== '') return path;
  if (typeof value === 'string' || typeof value === 'number') {
    return !numericFields.has(field) && holdsCardNumber(String(value)) ? path : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = cardDataIn(inner, Array.isArray(value) ? name : key, [...path, key]);
    if (found) return found;
  }
  return undefined;
}

function holdsCardNumber(text: string): boolean {
  if (text.length < 15) return false;
  return (text.match(digitRuns) ?? []).some((run) => {
    const digits = run.replaceAll(/[ -]/g, '');
    return issuers.test(digits) && passesLuhn(digits);
  });
}

/** Whether the sum of the digits, every second from the right doubled, is a multiple of ten. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const weighted = index % 2 === 1 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}
