import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { type FunctionName, functionNames } from '../../infra/functions.ts';

const FunctionNames = z.enum(functionNames);
const Units = z.strictObject({ write: z.number(), read: z.number() });

const Budgets = z.strictObject({
  /** Largest bundle of each function, KB of 1,024 bytes: what it was, rounded up to the next 5. */
  bundleKb: z.record(FunctionNames, z.int()),
  /** Table round trips in sequence of each operation. */
  roundTrips: z.record(z.string(), z.int()),
  /** Table units of one order from click to cash, by its number of lines. */
  cycle: z.record(z.string(), Units),
});
export type Budgets = z.infer<typeof Budgets>;

/** What CI holds the project to. A change that needs more raises its budget in the same commit, where all can see it. */
export const budgets: Budgets = Budgets.parse(
  JSON.parse(readFileSync(new URL('budgets.json', import.meta.url), 'utf8')),
);

/** What the project aims at; budgets say where it stands. */
export const aims = {
  apiBundleKb: 250,
  placeOrderRoundTrips: 2,
  cycle: { write: 64, read: 16 },
  cycleUsdWithoutMail: 0.00006,
  renderingMs: 150,
} as const;

export const isApiFunction = (name: FunctionName) => name.startsWith('http-');
