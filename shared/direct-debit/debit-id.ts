/** The end-to-end id of a debit, as bank statements bring it back: `D` and 14 digits to base 32. */
const DEBIT = /^D[0-9A-V]{14}$/;

/** Whether a reference on a bank line may be the end-to-end id of a debit. */
export const isDebitId = (reference: string): boolean => DEBIT.test(reference);

/** The end-to-end ids of debits that the texts of a bank line name, in whatever letters. */
export function debitIdsIn(texts: readonly (string | undefined)[]): string[] {
  return [...new Set(texts.flatMap((text) => text?.toUpperCase().match(/\bD[0-9A-V]{14}\b/g) ?? []))];
}
