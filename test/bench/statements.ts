import { StatementEntry, StatementHeader } from '#shared/bank/bank-statement.ts';
import { readStatements } from '#shared/bank/read-statements.ts';
import { camt053, camtEntry } from '../builders/statement-files.ts';
import { machine } from './machine.ts';
import { section } from './report.ts';

const ENTRIES = 100_000;
const PIECE = 65_536;

const header = StatementHeader.parse({
  account: { iban: 'GB33BUKB20201555555555' },
  currency: 'EUR',
  statementId: 'BENCH',
  openingOn: '2026-03-30',
  openingBalance: 0,
  closingOn: '2026-03-31',
  closingBalance: (ENTRIES * (ENTRIES + 1)) / 2,
});

function* entries(): Generator<string> {
  for (let line = 1; line <= ENTRIES; line += 1) {
    yield camtEntry(
      StatementEntry.parse({
        line,
        bookedOn: '2026-03-31',
        valueOn: '2026-03-31',
        amount: line,
        currency: 'EUR',
        bankReference: `BANK-${line}`,
        endToEndId: `E2E-${line}`,
        text: `Invoice INV-2026-${String(line).padStart(6, '0')}`,
        counterparty: {
          name: `Customer ${line % 997} GmbH`,
          iban: 'DE89370400440532013000',
          bic: 'COBADEFFXXX',
        },
        code: 'NTRF',
      }),
      '08',
    );
  }
}

/** The file as text in pieces of some 64 KiB, all made before the clock starts and kept as one buffer. */
function file(): Buffer {
  return Buffer.from([...camt053(header, entries(), '08')].join(''));
}

function* pieces(bytes: Buffer): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

/** Heap in use after a collection, in MB; without `--expose-gc` as it is. */
function heapMb(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

async function run(
  bytes: Buffer,
  watch: boolean,
): Promise<{ seconds: number; cpu: number; heaps: number[] }> {
  const heaps: number[] = [];
  const began = performance.now();
  const before = process.cpuUsage();
  let read = 0;
  let ended = 0;
  for await (const event of readStatements('camt.053', pieces(bytes))) {
    if (event.kind === 'entry') {
      read += 1;
      if (watch && read % (ENTRIES / 5) === 0) heaps.push(heapMb());
    } else if (event.kind === 'end') ended = event.entries;
  }
  if (read !== ENTRIES || ended !== ENTRIES) throw new Error(`read ${read} of ${ENTRIES} entries`);
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - began) / 1_000, cpu: (user + system) / 1e6, heaps };
}

/** `npm run bench:statements`: how fast a camt.053 of 100,000 entries is read, and what the heap holds meanwhile. */
async function main(): Promise<void> {
  const tell = (text: string) => void process.stdout.write(`${text}\n`);
  const bytes = file();
  tell(
    section('Method', [
      `Machine: ${machine()}`,
      `A camt.053 version 8 of ${ENTRIES.toLocaleString('en-GB')} entries, ${(bytes.length / 2 ** 20).toFixed(1)} MB, made before and read in`,
      'pieces of 64 KiB. Three runs for speed, the first one cold, by the clock and by processor time, which other work on the',
      'machine does not slow; one more with the heap collected and measured at each fifth of the entries.',
    ]),
  );
  const runs: string[] = [];
  for (let round = 1; round <= 3; round += 1) {
    const { seconds, cpu } = await run(bytes, false);
    const rate = (time: number) => Math.round(ENTRIES / time).toLocaleString('en-GB');
    runs.push(
      `run ${round}: ${seconds.toFixed(2)} s, ${rate(seconds)} entries/s; processor ${cpu.toFixed(2)} s, ${rate(cpu)} entries/s`,
    );
  }
  tell(section('Speed', runs));
  const { heaps } = await run(bytes, true);
  tell(section('Heap in use, MB', [heaps.map((heap) => heap.toFixed(1)).join('  ')]));
}

await main();
