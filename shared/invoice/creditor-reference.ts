import { createHash } from 'node:crypto';
import { generate } from 'node-iso11649';

/** An RF reference has 25 characters at most, four of which are `RF` and the check digits. */
const MAX_BODY = 21;

/** Letters, the year and the ordinal, with at most one separator between them: `INV-2026-000042`. */
const plain = /^([A-Z0-9]*[A-Z])[-./ ]?(\d{4})[-./ ]?(\d+)$/;

const HASH_DIGITS = 20;

/**
 * The creditor reference (ISO 11649) of the invoice `number`: `RF`, two check digits, and the number without its
 * separators, as `INV-2026-000042` becomes `RF54INV2026000042`. Banks carry it whole in
 * the structured part of a transfer, and an app refuses a mistyped one.
 *
 * A number of another form, or one that is too long, gets twenty digits to base 36 of its SHA-256 and an `H` instead.
 * The first kind ends in a digit and splits in one way only, so two numbers share a reference only where prefix, year and
 * ordinal are the same; the second kind never meets the first, and two of it meet by a chance of 1 in 10³¹.
 * @returns 25 characters at most, without blanks
 */
export function creditorReference(number: string): string {
  const [, prefix = '', year = '', ordinal = ''] = plain.exec(number) ?? [];
  const body = `${prefix}${year}${ordinal}`;
  return generate({ reference: body !== '' && body.length <= MAX_BODY ? body : hashed(number) });
}

/** In groups of four, as it is printed (ISO 11649, annex). */
export function groupedReference(reference: string): string {
  return reference.replace(/(.{4})(?=.)/g, '$1 ');
}

function hashed(number: string): string {
  const hash = BigInt(`0x${createHash('sha256').update(number).digest('hex')}`);
  return `${hash.toString(36).toUpperCase().padStart(HASH_DIGITS, '0').slice(-HASH_DIGITS)}H`;
}
