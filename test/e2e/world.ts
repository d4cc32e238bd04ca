import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import type { Role } from '#shared/http/roles.ts';
import type { StoredItem } from '#shared/invariant/check-invariants.ts';
import { type LocalRun, startLocalRun } from '../../infra/local/local-run.ts';
import { synthesised } from '../infra/synthesised.ts';

const Item = z.looseObject({ PK: z.string(), SK: z.string() });

/** An answer of the API. `body` is what its JSON holds, or its text. */
export type Reply = { status: number; headers: Headers; body: unknown };

export type RequestOptions = {
  body?: unknown;
  /** Sent as it is instead of `body`. */
  raw?: string;
  /** The Idempotency-Key. */
  key?: string;
  headers?: Record<string, string>;
};

/** Who asks the API: someone with a token, or nobody. */
export type Caller = (method: string, path: string, options?: RequestOptions) => Promise<Reply>;

/** The system as it would be deployed, running on this machine, on a Monday morning. */
export type World = {
  readonly run: LocalRun;
  as(role: Role | 'nobody', customerId?: string): Promise<Caller>;
  /** Every item of the table. */
  items(): AsyncGenerator<StoredItem>;
  /** The same as sorted text: what was written shows. */
  dump(): Promise<string[]>;
};

export const FIRST_DAY = '2026-03-02';

/** Boots the local run on a free port, with a data directory of its own. */
export async function openWorld(): Promise<World & { close(): Promise<void> }> {
  const [{ directory: cdkOut }, dataDir] = await Promise.all([
    synthesised(),
    mkdtemp(join(tmpdir(), 'o2c-e2e-')),
  ]);
  const clockStart = `${FIRST_DAY}T09:00:00Z`;
  const run = await startLocalRun({ port: 0, dataDir, cdkOut, fresh: true, clockStart });
  return {
    run,
    as: async (role, customerId) =>
      callerAt(run.url, role === 'nobody' ? undefined : await run.tokens.issue(role, customerId)),
    items: () => itemsOf(run),
    async dump() {
      const items: string[] = [];
      for await (const item of itemsOf(run)) items.push(JSON.stringify(item, inOrderOfNames));
      return items.sort();
    },
    async close() {
      await run.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The API at `base` as the bearer of `token` sees it. A busy table (503) is asked again, as its Retry-After says. */
export function callerAt(base: string, token: string | undefined): Caller {
  return async (method, path, { body, raw, key, headers = {} } = {}) => {
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    for (;;) {
      const answer = await fetch(`${base}${path}`, {
        method,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(content !== undefined && { 'content-type': 'application/json' }),
          ...(key !== undefined && { 'idempotency-key': key }),
          ...headers,
        },
        ...(content !== undefined && { body: content }),
        redirect: 'manual',
      });
      const text = await answer.text();
      if (answer.status !== 503)
        return { status: answer.status, headers: answer.headers, body: parsed(text) };
      await pause(200);
    }
  };
}

async function* itemsOf(run: LocalRun): AsyncGenerator<StoredItem> {
  for await (const item of run.scanTable()) yield Item.parse(item);
}

/** Attributes have no order; two prints of an item must. */
function inOrderOfNames(_: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What a reply must be, with the fields a test goes on with. @throws Error naming status and body otherwise */
export function expectReply<S extends z.ZodType>(reply: Reply, status: number, shape: S): z.output<S> {
  if (reply.status !== status)
    throw new Error(`expected ${status}, got ${reply.status} ${JSON.stringify(reply.body)}`);
  return shape.parse(reply.body);
}

export const Order = z.looseObject({
  orderId: z.string(),
  status: z.string(),
  totals: z.looseObject({ net: z.int(), tax: z.int(), gross: z.int() }),
});
export const Shipment = z.looseObject({ shipmentId: z.string(), invoiceId: z.string() });
export const Invoice = z.looseObject({
  number: z.string(),
  status: z.string(),
  balance: z.int(),
  dueOn: z.string(),
});
export const Account = z.looseObject({
  account: z.looseObject({ exposure: z.int(), receivable: z.int() }),
});
export const Stock = z.looseObject({
  stock: z.looseObject({ available: z.int(), onHand: z.int(), reserved: z.int() }),
});
export const Anything = z.looseObject({});
