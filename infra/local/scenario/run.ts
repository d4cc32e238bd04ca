import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import * as z from 'zod';
import { ApiClient } from '../api-client.ts';
import { LocalRunError, messageOf } from '../errors.ts';
import { type ImportOptions, importDay } from '../import/import-day.ts';
import { type OrderFile, type Reject, readOrders } from '../import/read-orders.ts';
import { sortDocuments, type Work } from '../import/sort-documents.ts';
import type { LocalClient } from '../local-client.ts';
import { firstOrder, loadDemoCompany } from './first-order.ts';
import type { Narrator } from './narrator.ts';
import { recall, remember } from './state.ts';
import { trade } from './trade.ts';

/** Customers the import creates: £2,500 credit, 30 days net; prices in pounds, as the format has them. */
export const importDefaults: ImportOptions = { currency: 'GBP', creditLimit: 250_000, paymentTermDays: 30 };

/** What was read, for the last line. `net` is the file's own sum before tax, minor units. */
export type Lived = { documents: number; lines: { read: number; rejected: number }; net?: number };

export type OrderFileToLive = {
  path: string;
  content: OrderFile;
  work: Work;
  fingerprint: string;
  start: string;
};

/** @throws LocalRunError when the file is missing or of another format */
export async function openOrderFile(path: string): Promise<OrderFileToLive> {
  try {
    const content = await readOrders(path);
    const work = sortDocuments(content);
    const first = content.documents[0];
    if (!first) throw new Error(`${path} has no line that could be read`);
    const fingerprint = createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
      .slice(0, 12);
    return { path, content, work, fingerprint, start: first.date.slice(0, 10) };
  } catch (error) {
    throw new LocalRunError(`--orders: ${messageOf(error)}`);
  }
}

/** Imports the file and lives so many `days` after it, from wherever an earlier run broke off. */
export async function liveDay(
  base: string,
  local: LocalClient,
  file: OrderFileToLive,
  { dataDir, days, tell }: { dataDir: string; days: number; tell: Narrator },
): Promise<Lived> {
  const api = new ApiClient(base, await local.token('admin'));
  const { content, work, fingerprint } = file;
  const memory = await recall(dataDir);
  const trading = memory.tradings[fingerprint] ?? { start: (await local.now()).slice(0, 10), daysDone: 0 };
  const remembering = async (daysDone: number) => {
    memory.tradings[fingerprint] = { ...trading, daysDone };
    await remember(dataDir, memory);
  };
  await remembering(trading.daysDone);

  tell.line(
    `Importing ${basename(file.path)}: ${content.documents.length} documents, ${content.linesRead} lines`,
  );
  await tellRejects(content.rejects, join(dataDir, 'rejects', basename(file.path)), tell);
  await takeAddressesAsTheyAre(api, local);
  const orders = await importDay(api, work, importDefaults);
  await local.quiesce();
  if (trading.daysDone <= days) {
    tell.line(`Trading from ${trading.start}, ${days} days`);
    const credit = new ApiClient(base, await local.token('credit'));
    await trade({ api, credit, local, orders, ...trading, days, dayDone: remembering });
  }
  return {
    documents: content.documents.length,
    lines: { read: content.linesRead, rejected: content.rejects.length },
    net: work.net,
  };
}

/** The demo company and its first order, once; later starts only say where things are. */
export async function liveFirstOrder(
  base: string,
  local: LocalClient,
  dataDir: string,
  tell: Narrator,
): Promise<Lived> {
  const memory = await recall(dataDir);
  const narrate = (...step: [string, string, string]) => tell.step(...step);
  await loadDemoCompany(base, local, narrate);
  if (!memory.firstOrder) {
    await firstOrder(base, local, narrate);
    await remember(dataDir, { ...memory, firstOrder: true });
  }
  return { documents: 1, lines: { read: 2, rejected: 0 } };
}

/** Lists the lines that could not be taken in a file beside the data. */
export async function tellRejects(
  rejects: readonly Reject[],
  path: string,
  tell: Pick<Narrator, 'line'>,
): Promise<void> {
  if (rejects.length === 0) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(
    path,
    stringify(
      rejects.map(({ line, reason, text }) => [line, reason, text]),
      { header: true, columns: ['line', 'reason', 'text'] },
    ),
  );
  tell.line(`${rejects.length} lines could not be taken; they stand with their reasons in ${path}`);
}

const InForce = z.looseObject({ policy: z.looseObject({ checkAddresses: z.boolean() }) });

/** The file knows of an address only the country: with the policy as shipped every order would wait for the rest. */
async function takeAddressesAsTheyAre(api: ApiClient, local: LocalClient): Promise<void> {
  const { policy } = await api.get('/v1/policies/verification', InForce);
  if (!policy.checkAddresses) return;
  const effectiveFrom = (await local.now()).slice(0, 10);
  await api.put('/v1/policies/verification', { effectiveFrom, policy: { ...policy, checkAddresses: false } });
}
