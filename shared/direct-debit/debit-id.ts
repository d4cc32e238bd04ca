/** The end-to-end id of a debit, as bank statements bring it back: `D` and 14 digits to base 32. */
export const DEBIT_ID = /^D[0-9A-V]{14}$/;

/** The end-to-end ids of debits that the texts of a bank line name, in whatever letters. */
export function debitIdsIn(texts: readonly (string | undefined)[]): string[] {
  return [...new Set(texts.flatMap((text) => text?.toUpperCase().match(/\bD[0-9A-V]{14}\b/g) ?? []))];
}
