import type { Match } from '#shared/matching/match.ts';
import { MatchingPolicy } from '#shared/matching/matching-policy.ts';
import { MemoryCandidates } from '#shared/matching/memory-candidates.ts';
import { StatementMatcher } from '#shared/matching/statement-matcher.ts';
import { seeded } from '../property/interleave.ts';
import { type Kind, type KnownLine, kindNames, statementLines } from './match-lines.ts';
import { customers, openItems } from './match-world.ts';

export type Tally = { lines: number; matchable: number; straight: number; extra: number; wrong: number };
export type MatchRun = {
  readonly items: number;
  readonly lines: number;
  readonly byKind: ReadonlyMap<Kind, Tally>;
  readonly total: Tally;
  /** What was posted and is not true, or should have been and was not. */
  readonly failures: readonly { readonly known: KnownLine; readonly match: Match; readonly wrong: boolean }[];
  /** Milliseconds of processor time of matching alone, collecting garbage included. */
  readonly matching: number;
  /** Milliseconds of building the index. */
  readonly indexing: number;
  /** Bytes on the heap that items and index take. */
  readonly memory: number;
};

const empty = (): Tally => ({ lines: 0, matchable: 0, straight: 0, extra: 0, wrong: 0 });

/**
 * Matches generated statements with what is open. A statement holds a fifth as many lines as items are open, so that each
 * invoice is paid once at most; several statements, each against the same open items, make up `lines`.
 */
export async function runMatching(size: {
  items: number;
  customers: number;
  lines: number;
  seed: number;
}): Promise<MatchRun> {
  const random = seeded(size.seed);
  const payers = customers(size.customers, random);
  const items = openItems(size.items, payers, random);
  const settled = openItems(Math.ceil(size.items / 20), payers, random, size.items + 1);
  const paid = settled.map((item) => ({ ...item, total: item.balance, balance: 0 }));
  const statements: KnownLine[][] = [];
  for (let left = size.lines; left > 0; ) {
    const count = Math.min(left, Math.ceil(size.items / 5));
    statements.push(statementLines({ payers, items, paid }, count, random));
    left -= count;
  }
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const begun = performance.now();
  const source = new MemoryCandidates({ items: [...items, ...paid], payers });
  const indexed = performance.now();
  globalThis.gc?.();
  const memory = process.memoryUsage().heapUsed - before;

  const inForce = { version: 'shipped-1', policy: MatchingPolicy.parse({}) };
  const started = process.cpuUsage();
  const matches: Match[][] = [];
  for (const statement of statements) {
    const matcher = new StatementMatcher(source, inForce);
    const matched: Match[] = [];
    for (const { line } of statement) matched.push(await matcher.match(line));
    matches.push(matched);
  }
  const used = process.cpuUsage(started);
  const matching = (used.user + used.system) / 1000;

  const byKind = new Map(kindNames.map((kind) => [kind, empty()]));
  const failures: MatchRun['failures'][number][] = [];
  for (const [index, statement] of statements.entries())
    judge(statement, matches[index] ?? [], byKind, failures);
  const total = [...byKind.values()].reduce(
    (sum, tally) => ({
      lines: sum.lines + tally.lines,
      matchable: sum.matchable + tally.matchable,
      straight: sum.straight + tally.straight,
      extra: sum.extra + tally.extra,
      wrong: sum.wrong + tally.wrong,
    }),
    empty(),
  );
  return {
    items: size.items,
    lines: size.lines,
    byKind,
    total,
    failures,
    matching,
    indexing: indexed - begun,
    memory,
  };
}

/**
 * Posted and all of it true is straight through; posted and anything of it untrue is wrong. A repeat whose first line was
 * not posted may be posted in its place.
 */
function judge(
  statement: readonly KnownLine[],
  matches: readonly Match[],
  byKind: ReadonlyMap<Kind, Tally>,
  failures: MatchRun['failures'][number][],
): void {
  const paidFor = new Set<number>();
  for (const [index, known] of statement.entries()) {
    const match = matches[index];
    if (!match) throw new RangeError(`line ${known.line.line} was not matched`);
    const tally = byKind.get(known.kind) ?? empty();
    tally.lines++;
    if (known.matchable) tally.matchable++;
    const first = known.duplicateOf;
    const replaces = first !== undefined && !paidFor.has(first);
    const truth = replaces ? (statement[first - 1]?.truth ?? known.truth) : known.truth;
    const posted = match.outcome === 'posted';
    if (posted) paidFor.add(replaces ? first : known.line.line);
    const right = posted && isTrue(match, truth);
    if (right && known.matchable) tally.straight++;
    else if (right) tally.extra++;
    else if (posted) tally.wrong++;
    if ((posted && !right) || (known.matchable && !posted)) failures.push({ known, match, wrong: posted });
  }
}

function isTrue({ allocations }: Match, truth: ReadonlyMap<string, number>): boolean {
  return (
    allocations.length === truth.size &&
    allocations.length > 0 &&
    allocations.every(({ invoiceId, amount }) => truth.get(invoiceId) === amount)
  );
}
