import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkStart } from './check-start.ts';
import { LocalRunError, messageOf } from './errors.ts';
import { LocalClient } from './local-client.ts';
import { type LocalRun, startLocalRun } from './local-run.ts';
import { narrator } from './scenario/narrator.ts';
import { liveDay, liveFirstOrder, type OrderFileToLive, openOrderFile } from './scenario/run.ts';
import { lastLine } from './scenario/summary.ts';
import { TRADING_DAYS } from './scenario/trade.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const usage = `npm start [-- options]
  --once            carry everything through, print one JSON line, end
  --orders FILE     a day of orders in the Online Retail format instead of the demo order
  --days N          with --orders: days to live after it, ${TRADING_DAYS} unless said otherwise
  --fresh           empty .local/ first
  --port N          4400 unless said otherwise
  --data DIR        where everything is kept, .local unless said otherwise
  --cdk-out DIR     run the templates that cdk synth wrote there instead of writing them anew`;

type Options = {
  once: boolean;
  fresh: boolean;
  port: number;
  dataDir: string;
  orders?: string;
  /** Days of trading after that of the orders. */
  days: number;
  /** Output of `cdk synth`, where it is there already. */
  cdkOut?: string;
};

function optionsOf(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      once: { type: 'boolean', default: false },
      fresh: { type: 'boolean', default: false },
      port: { type: 'string', default: '4400' },
      data: { type: 'string', default: join(root, '.local') },
      orders: { type: 'string' },
      'cdk-out': { type: 'string' },
      days: { type: 'string', default: String(TRADING_DAYS) },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) throw new LocalRunError(usage);
  return {
    once: values.once,
    fresh: values.fresh,
    port: numberOf('--port', values.port, 1, 65_535),
    dataDir: resolve(values.data),
    days: numberOf('--days', values.days, 0, 365),
    ...(values.orders !== undefined && { orders: resolve(values.orders) }),
    ...(values['cdk-out'] !== undefined && { cdkOut: resolve(values['cdk-out']) }),
  };
}

function numberOf(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw new LocalRunError(`${option} ${text}: say a number from ${least} to ${most}.`);
}

/** Bundles the functions and writes the templates, just as `cdk deploy` would. */
function synthesise(): string {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'infra/app.ts')], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0)
    throw new LocalRunError(stderr.trim() || 'The templates could not be synthesised; try npx cdk synth.');
  return join(root, 'cdk.out');
}

async function boot(options: Options, file: OrderFileToLive | undefined): Promise<LocalRun> {
  const { port, dataDir, fresh } = options;
  // What stands in the way is said at once, not after the templates are made.
  await checkStart({ port, dataDir, fresh });
  return startLocalRun({
    port,
    dataDir,
    cdkOut: options.cdkOut ?? synthesise(),
    fresh,
    ...(file && { clockStart: `${file.start}T08:00:00.000Z` }),
  });
}

async function main(options: Options): Promise<void> {
  const tell = narrator(options.once);
  const file = options.orders === undefined ? undefined : await openOrderFile(options.orders);
  const run = await boot(options, file);
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= run.stop());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      tell.line('Stopping. Everything is kept in .local/; npm start goes on from here.');
      void stop().then(() => process.exit(0));
    });
  }
  try {
    const local = new LocalClient(run.url);
    await tell.addresses(run.url, local);
    const lived = file
      ? await liveDay(run.url, local, file, { ...options, tell })
      : await liveFirstOrder(run.url, local, options.dataDir, tell);
    if (options.once) {
      const { line, violations } = await lastLine(run.url, local, lived);
      await stop();
      process.stdout.write(`${JSON.stringify(line)}\n`);
      if (violations > 0) process.exitCode = 1;
      return;
    }
    tell.line('Up. Ctrl-C stops it; nothing is lost.');
  } catch (error) {
    if (stopping) return;
    await stop();
    throw error;
  }
}

try {
  await main(optionsOf(process.argv.slice(2)));
} catch (error) {
  const expected = error instanceof LocalRunError || (error instanceof TypeError && 'code' in error);
  process.stderr.write(
    `${expected || !(error instanceof Error) ? messageOf(error) : (error.stack ?? error.message)}\n`,
  );
  process.exitCode = 1;
}
