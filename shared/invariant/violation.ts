/**
 * What must hold of the table at every moment, by the letters of ARCHITECTURE.md. `shape`: every item is of a kind
 * and form this checker knows, so that nothing is overlooked. H (no customer sees another's data) and I (what was
 * answered with success is there) can't be told from the table alone.
 */
export const invariants = ['shape', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'K', 'L'] as const;
/** What must hold besides once nothing is under way any more. */
export const settledInvariants = ['J'] as const;

export type Invariant = (typeof invariants)[number] | (typeof settledInvariants)[number];

/** `detail` names the things at fault and what is wrong with them. */
export type Violation = { invariant: Invariant; detail: string };

/** A violation of `invariant` where `found` is not what was `expected`. */
export function* unlessEqual(
  invariant: Invariant,
  what: string,
  found: string | number | undefined,
  expected: string | number | undefined,
): Generator<Violation> {
  if (found !== expected)
    yield { invariant, detail: `${what}: found ${String(found)}, expected ${String(expected)}` };
}
