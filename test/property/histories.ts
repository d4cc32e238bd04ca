import fc from 'fast-check';

/** How many histories a property looks at: `HISTORIES=3000 npx vitest run test/property` looks ten times as far. */
export const HISTORIES = Number(process.env['HISTORIES'] ?? 300);
const SEED = process.env['SEED'];

/**
 * What fast-check says of the smallest history that fails, and how to see it again; undefined when none does.
 * @param numRuns how many are looked at
 */
export async function failureOf<T>(
  property: fc.IAsyncProperty<T>,
  numRuns = HISTORIES,
): Promise<string | undefined> {
  const details = await fc.check(property, {
    // To shrink a long history takes many minutes: CI says which failed, and whoever looks at it shrinks it.
    endOnFailure: process.env['CI'] !== undefined,
    numRuns,
    ...(SEED !== undefined && { seed: Number(SEED) }),
  });
  const report = await fc.asyncDefaultReportMessage(details);
  if (report === undefined) return undefined;
  const cause = details.errorInstance instanceof Error ? details.errorInstance.message : '';
  return `\n${cause}\n${report}\nAgain: SEED=${details.seed} HISTORIES=${HISTORIES} npx vitest run <this file>`;
}
