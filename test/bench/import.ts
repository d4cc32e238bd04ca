import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saveBankAccountActions } from '#shared/bank/bank-account-store.ts';
import { type ImportTools, importStatement } from '#shared/bank/import-store.ts';
import { inspectFile } from '#shared/bank/inspect-file.ts';
import type { StatementFiles } from '#shared/bank/statement-files.ts';
import { loadStatement, newStatement, storeStatements } from '#shared/bank/statement-store.ts';
import { workLine } from '#shared/bank/work-line-store.ts';
import { Currency } from '#shared/kernel/money.ts';
import { instant } from '#shared/kernel/time.ts';
import type { Action, Table } from '#shared/table/table.ts';
import { IBAN, MAIN } from '../builders/bank-statement.ts';
import { memoryTable } from '../builders/memory-table.ts';
import { importWorld, writeStatement } from './import-world.ts';
import { machine } from './machine.ts';
import { section } from './report.ts';

const AT = instant('2026-03-31T10:00:00.000Z');
/** What the deployed function may take, less 60 s that it leaves. */
const RUN_MILLISECONDS = 840_000;
/** A round trip to DynamoDB within a region, for what the whole would take deployed. */
const ROUND_TRIP_MILLISECONDS = 8;

const method = [
  `Machine: ${machine()}`,
  'A camt.053 file with as many lines as there are open invoices, of 5,000 customers, streamed from the disk.',
  'The table in memory keeps what it started with and each statement; what lines write is forgotten, so that',
  'the memory told is that of the import: candidates, matcher and lines at hand. A round trip takes no time here.',
];

/** A table that takes what is written about lines and forgets it. */
function forgetful(table: Table): Table & { trips: number } {
  const kept = (action: Action) => ('item' in action ? action.item : action.key).PK.startsWith('bst_');
  const lineOfStatement = (action: Action) => action.do === 'put' && action.item.SK.startsWith('LINE#');
  const counted = { trips: 0 };
  return {
    ...table,
    get trips() {
      return counted.trips;
    },
    get: (...call) => trip(() => table.get(...call)),
    getMany: (...call) => trip(() => table.getMany(...call)),
    query: (...call) => trip(() => table.query(...call)),
    write: (action) => trip(() => keep([action])),
    transact: (actions) => trip(() => keep(actions)),
  };

  function trip<T>(work: () => Promise<T>): Promise<T> {
    counted.trips += 1;
    return work();
  }

  async function keep(actions: readonly Action[]): Promise<void> {
    if (actions.some(lineOfStatement)) return;
    const left = actions.filter(kept);
    if (left.length > 0) await table.transact(left);
  }
}

async function run(lines: number, folder: string): Promise<string> {
  const file = join(folder, `${lines}.xml`);
  await writeStatement(file, lines);
  const bytes = statSync(file).size;
  const files: StatementFiles = {
    put: async () => {},
    open: async () => ({ etag: '"bench"', bytes, content: createReadStream(file) }),
    copy: async () => {},
    uploadUrl: async (key) => key,
  };
  const memory = memoryTable(importWorld(lines));
  const account = {
    bankAccountId: MAIN,
    name: 'Main',
    account: { iban: IBAN },
    currency: Currency.parse('EUR'),
    version: 1,
  };
  await memory.transact(saveBankAccountActions(undefined, account, { at: AT, actor: 'bench' }));
  const before = heap();

  const inspecting = performance.now();
  const { statements } = await inspectFile(createReadStream(file), {});
  const inspected = performance.now() - inspecting;
  const [found] = statements;
  if (!found) throw new Error('the file holds no statement');
  const receipt = { file: 'bench', format: 'camt.053' as const, reading: undefined, at: AT, by: 'bench' };
  await storeStatements(memory, [newStatement(found, MAIN, receipt)]);

  const table = forgetful(memory);
  let peak = 0;
  let weighing = 0;
  let worked = 0;
  const watched: ImportTools['workLine'] = (at, work) => {
    worked += 1;
    if (worked % Math.ceil(lines / 10) === 0) {
      const stopped = performance.now();
      peak = Math.max(peak, heap() - before);
      weighing += performance.now() - stopped;
    }
    return workLine(at, work);
  };
  const importing = performance.now();
  const deadline = importing + RUN_MILLISECONDS;
  const timeLeft = () => deadline - performance.now();
  const tools = { table, files, workLine: watched, timeZone: 'Europe/Berlin', timeLeft };
  const outcome = await importStatement(tools, found.bankStatementId, AT);
  const imported = performance.now() - importing - weighing;

  const stored = await loadStatement(memory, found.bankStatementId);
  if (outcome !== 'imported' || stored?.statement.done !== lines)
    throw new Error(`the import ended ${outcome}`);
  const { counts } = stored;
  const perLine = table.trips / lines;
  return section(`${lines} lines, ${(bytes / 1e6).toFixed(1)} MB`, [
    `read whole and checked in ${seconds(inspected)}, ${(bytes / 1e6 / (inspected / 1000)).toFixed(1)} MB/s`,
    `matched and worked in ${seconds(imported)}, ${Math.round(lines / (imported / 1000))} lines/s`,
    `${counts.matched} matched, ${counts.suggested} suggested, ${counts.queued} queued`,
    `${table.trips} round trips, ${perLine.toFixed(2)} a line; eight side by side at ${ROUND_TRIP_MILLISECONDS} ms each they take ${seconds((table.trips * ROUND_TRIP_MILLISECONDS) / 8)}`,
    `${(peak / 2 ** 20).toFixed(0)} MB more on the heap while it runs`,
  ]);
}

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;

/** `npm run bench:import [-- lines]`: what importing a bank statement takes, 10,000 and 100,000 lines long. */
async function main(sizes: readonly number[]): Promise<void> {
  process.stdout.write(`${section('Method', method)}\n`);
  const folder = mkdtempSync(join(tmpdir(), 'o2c-import-'));
  try {
    for (const lines of sizes) process.stdout.write(`${await run(lines, folder)}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [asked] = process.argv.slice(2);
await main(asked === undefined ? [10_000, 100_000] : [Number(asked)]);
