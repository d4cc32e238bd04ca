import { machine } from './machine.ts';
import { kindNames, kinds } from './match-lines.ts';
import { type MatchRun, runMatching, type Tally } from './match-run.ts';
import { section } from './report.ts';

/** `SEED=12 npm run bench:match` generates other statements. */
const SEED = Number(process.env['SEED'] ?? 4);
const LINES = 20_000;
const CUSTOMERS = 5_000;
const SIZES = [1_000, 10_000, 100_000];

const method = [
  `Machine: ${machine()}`,
  `Seed ${SEED}; ${CUSTOMERS} customers, ${LINES} bank lines against ${SIZES.join(', ')} open items; shipped policy.`,
  'A statement holds a fifth as many lines as items are open; statements start from the same items until all lines are made.',
  'Lines are matched one after the other in one process by the engine over its index in memory; reading them is not counted.',
  'Lines a second a core and cost a line are of processor time, collecting garbage included.',
  'Matchable: what a careful person could match from line and open items alone, worked out by brute force without the engine,',
  'as told below for each kind. Straight: posted, and each cent where it is true. Wrong: posted, and anything of it untrue.',
  'Extra: posted and true though not matchable by the definition. Rate: straight of matchable.',
];

const percent = ({ straight, matchable }: Tally) =>
  matchable === 0 ? '–' : `${((100 * straight) / matchable).toFixed(2)} %`;
const row = (cells: readonly (string | number)[]) =>
  cells.map((cell, index) => (index === 0 ? String(cell).padEnd(15) : String(cell).padStart(10))).join('');

function report({ items, byKind, total, matching, indexing, memory, lines }: MatchRun): string {
  const tallied = (name: string, tally: Tally) =>
    row([name, tally.lines, tally.matchable, tally.straight, tally.extra, tally.wrong, percent(tally)]);
  return section(`${items} open items`, [
    row(['kind', 'lines', 'matchable', 'straight', 'extra', 'wrong', 'rate']),
    ...Array.from(byKind, ([kind, tally]) => tallied(kind, tally)),
    tallied('all', total),
    `${Math.round(lines / (matching / 1000))} lines/s a core, ${((1000 * matching) / lines).toFixed(0)} µs a line`,
    `index built in ${indexing.toFixed(0)} ms, ${(memory / 2 ** 20).toFixed(1)} MB on the heap`,
  ]);
}

/** `npm run bench:match`: how much of a bank statement is matched without a person, how surely and how fast. */
async function main(): Promise<void> {
  const tell = (text: string) => void process.stdout.write(`${text}\n`);
  tell(section('Method', method));
  tell(
    section(
      'Matchable',
      kindNames.map((kind) => `${kind.padEnd(15)}${kinds[kind].share} %, ${kinds[kind].matchable}`),
    ),
  );
  const shown = process.argv.includes('--failures');
  // The compiler warms up on lines that are not measured.
  await runMatching({ items: 2_000, customers: 500, lines: 4_000, seed: SEED + 1 });
  let failed = false;
  for (const items of SIZES) {
    const run = await runMatching({ items, customers: CUSTOMERS, lines: LINES, seed: SEED });
    tell(report(run));
    for (const failure of shown ? run.failures : [])
      tell(JSON.stringify(failure, (_, value: unknown) => (value instanceof Map ? [...value] : value)));
    failed ||= run.total.wrong > 0 || run.total.straight < 0.95 * run.total.matchable;
  }
  if (failed) process.exitCode = 1;
}

await main();
