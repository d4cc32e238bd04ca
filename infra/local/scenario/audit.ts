import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const amounts = z.record(z.string(), z.int());

const Audit = z.looseObject({
  figures: z.looseObject({
    orders: z.looseObject({ accepted: z.int(), held: z.int() }),
    returns: z.int(),
    ordered: amounts,
    returned: amounts,
    invoiced: amounts,
    credited: amounts,
    collected: amounts,
    discounted: amounts,
    outstanding: amounts,
    reminders: z.int(),
    mails: z.int(),
    trialBalance: amounts,
  }),
  checked: z.array(z.string()),
  violations: z.array(z.looseObject({ invariant: z.string(), detail: z.string() })),
});
export type Audit = z.infer<typeof Audit>;

/**
 * Has the whole table checked and summed up by the project's own auditor. It runs as a command of its own and gets
 * what waits in queues and the items on its standard input: the local run knows nothing of what they mean.
 * @param queued messages that wait for a person
 */
export async function audit(base: string, queued: readonly string[]): Promise<Audit> {
  const response = await fetch(`${base}/_local/table`);
  if (!response.ok || !response.body) throw new Error(`/_local/table: ${response.status}`);
  const table = Readable.fromWeb(response.body);
  const command = fileURLToPath(new URL('../../../shared/invariant/audit.ts', import.meta.url));
  const auditor = spawn(process.execPath, [command, '--settled'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [answer] = await Promise.all([text(auditor.stdout), pipeline(inputOf(queued, table), auditor.stdin)]);
  return Audit.parse(JSON.parse(answer));
}

async function* inputOf(queued: readonly string[], table: Readable): AsyncGenerator {
  for (const message of queued) yield `${JSON.stringify({ queued: message })}\n`;
  yield* table;
}
