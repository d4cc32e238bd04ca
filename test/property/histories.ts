import fc from 'fast-check';

/** How many histories a property looks at: `HISTORIES=3000 npx vitest run test/property` looks further than CI does. */
export const historiesOr = (byDefault: number) => Number(process.env['HISTORIES'] ?? byDefault);

const SEED = process.env['SEED'];

/**
 * What fast-check says of the smallest history that fails, and how to see it again; undefined when none does.
 * @param numRuns how many are looked at
 * @param histories what to set HISTORIES to for that many
 */
export async function failureOf<T>(
  property: fc.IAsyncProperty<T>,
  numRuns = historiesOr(300),
  histories = numRuns,
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
  return `\n${cause}\n${report}\nAgain: SEED=${details.seed} HISTORIES=${histories} npx vitest run <this file>`;
}
