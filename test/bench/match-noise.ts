import { between, pick, purchaseOrder, type Random } from './match-world.ts';

const words = ['Rechnung', 'Rg.Nr.', 'Invoice', 'Facture', 'Re', 'inv no', 'Zahlung zu', 'your invoice'];
const polite = ['Payment, thank you', 'Ueberweisung', 'SEPA CREDIT TRANSFER', 'as agreed', '', 'Zahlung'];

/** Words and numbers of no use, such as payers write around a reference. */
export function chatter(random: Random): string {
  const kinds = [
    () => `Kd-Nr ${between(10_001, 15_000, random)}`,
    () => `Tel 0${between(30, 799, random)} ${between(100_000, 9_999_999, random)}`,
    () => `vom ${between(1, 28, random)}.0${between(1, 3, random)}.2026`,
    () => `PO ${purchaseOrder(random)}`,
  ];
  return random() < 0.35 ? ` ${pick(kinds, random)()}` : '';
}

export const silentText = (random: Random): string => pick(polite, random);
export const introduce = (reference: string, random: Random): string =>
  `${pick(words, random)} ${reference}${chatter(random)}`;

/** `INV-2026-000042` with blanks and signs moved, or a letter O for a zero. */
export function spaced(number: string, random: Random): string {
  const [letters = '', year = '', counter = ''] = number.split('-');
  const split = between(1, 5, random);
  const forms = [
    `${letters} ${year} ${counter}`,
    `${letters}-${year}-${counter.slice(0, split)} ${counter.slice(split)}`,
    `${letters}/${year}/${counter}`,
    `${letters.toLowerCase()}${year}${counter}`,
    `${letters} ${year.slice(0, 2)} ${year.slice(2)}.${counter.slice(0, 3)}.${counter.slice(3)}`,
    `${letters}-2O26-${counter}`,
  ];
  return pick(forms, random);
}

/** The number amid letters that belong to other words. */
export function glued(number: string, random: Random): string {
  const whole = number.replaceAll('-', '');
  return pick([`RGNR${whole}`, `${whole}KDNR`, `SVWZ${whole}EREF`, `RE.${whole}/ZAHLUNG`], random);
}

/** The number with its beginning or its end lost. */
export function truncated(number: string, random: Random): string {
  const counter = number.slice(-6);
  const forms = [number.slice(0, -1), number.slice(0, -2), counter, counter.slice(1), `2026-${counter}`];
  return pick(forms, random);
}

/** The number with one digit of its counter wrong. */
export function mistyped(number: string, random: Random): string {
  const at = number.length - between(1, 5, random);
  const wrong = String((Number(number[at]) + between(1, 9, random)) % 10);
  return `${number.slice(0, at)}${wrong}${number.slice(at + 1)}`;
}

/** A name as banks pass it on: capitals, words in another order, cut off, a letter wrong or lost, accents gone. */
export function noisyName(name: string, random: Random): string {
  const plain = random() < 0.6 ? name.toUpperCase() : name;
  const letters = Array.from(plain);
  if (random() < 0.5) {
    const at = between(1, Math.max(1, Math.min(letters.length - 1, 14)), random);
    if (random() < 0.5) letters.splice(at, 1);
    else letters.splice(at, 1, pick('AEIOURSTN'.split(''), random));
  }
  const parts = letters.join('').split(' ');
  const ordered = random() < 0.3 ? [...parts.slice(1), ...parts.slice(0, 1)] : parts;
  return random() < 0.2 ? ordered.slice(0, -1).join(' ') : ordered.join(' ');
}
