import * as z from 'zod';

/** What the bank's statement brings back of a transfer: an ACH entry has room for 15 characters. */
export const EndToEndId = z.string().regex(/^R[0-9A-V]{14}$/, 'must be R and 14 digits to base 32');

/** The end-to-end ids that texts of a bank line name: some banks write them into the remittance text. */
export function endToEndIdsIn(texts: readonly (string | undefined)[]): string[] {
  return [...new Set(texts.flatMap((text) => text?.match(/\bR[0-9A-V]{14}\b/g) ?? []))];
}

/** What undid a refund: somebody before it went out, the bank that refused it, the payee's bank that sent it back. */
export const UndoneKind = z.enum(['cancelled', 'refused', 'returned']);
export type UndoneKind = z.infer<typeof UndoneKind>;

/** What is told of the transfer by which a refund goes out: `account` is masked. */
export const ToldTransfer = z.strictObject({ endToEndId: EndToEndId, account: z.string() });
export type ToldTransfer = z.infer<typeof ToldTransfer>;
