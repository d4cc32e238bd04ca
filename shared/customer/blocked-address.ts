import { createHash } from 'node:crypto';
import type { Address } from './customer.ts';

/** What an address hashes to, however it is written: case, spaces and punctuation don't count. */
export function hashOfAddress({ lines, postalCode = '', country }: Address): string {
  const text = [...lines, postalCode, country]
    .map((part) =>
      part
        .normalize('NFKD')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]/gu, ''),
    )
    .join('|');
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
