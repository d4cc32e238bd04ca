import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { ApiClient } from './api-client.ts';
import { LocalRunError, messageOf } from './errors.ts';
import { importDay } from './import/import-day.ts';
import { LocalClient } from './local-client.ts';
import { importDefaults, openOrderFile, tellRejects } from './scenario/run.ts';

const usage = `npm run import -- --orders FILE.csv
  Takes a day of orders in the Online Retail format into the API at O2C_API (http://127.0.0.1:4400 unless said
  otherwise) with the token in O2C_TOKEN (of a user in the group admin; the local run hands one out by itself).`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { orders: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help || values.orders === undefined) throw new LocalRunError(usage);
  const base = process.env['O2C_API'] ?? 'http://127.0.0.1:4400';
  const token = process.env['O2C_TOKEN'] ?? (await new LocalClient(base).token('admin'));
  const { path, content, work } = await openOrderFile(values.orders);
  await tellRejects(content.rejects, `rejects/${basename(path)}`, {
    line: (text) => void process.stderr.write(`${text}\n`),
  });
  const orders = await importDay(new ApiClient(base, token), work, importDefaults);
  process.stdout.write(
    `${JSON.stringify({ documents: content.documents.length, orders: orders.length, returns: work.returns.length, lines: { read: content.linesRead, rejected: content.rejects.length } })}\n`,
  );
}

try {
  await main();
} catch (error) {
  const unreachable = error instanceof TypeError && error.message === 'fetch failed';
  process.stderr.write(
    `${unreachable ? 'The API does not answer. Start it with npm start, or set O2C_API.' : messageOf(error)}\n`,
  );
  process.exitCode = 1;
}
