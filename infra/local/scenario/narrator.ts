import type { LocalClient } from '../local-client.ts';
import { DEMO_CUSTOMER } from './first-order.ts';

/** Tells the person at the terminal what happens. With `--once` on standard error: standard output is one JSON line. */
export type Narrator = {
  line(text: string): void;
  step(step: string, what: string, where: string): void;
  addresses(base: string, local: LocalClient): Promise<void>;
};

const staffRoles = ['sales', 'credit', 'warehouse', 'finance', 'support', 'admin'];

export function narrator(once: boolean): Narrator {
  const out = once ? process.stderr : process.stdout;
  const line = (text: string) => void out.write(`${text}\n`);
  return {
    line,
    step: (step, what, where) => line(`  ${step.padEnd(10)} ${what.padEnd(72)} ${where}`),
    async addresses(base, local) {
      line(
        `API      ${base}/v1\nDocs     ${base}/docs\nMailbox  ${base}/_local/mailbox\nMeter    ${base}/_local/meter\nClock    ${await local.now()}`,
      );
      if (once) return;
      line(
        `Tokens, one a role (another customer's: POST /_local/tokens {"role":"customer","customerId":"cus_…"}):`,
      );
      line(`  ${'customer'.padEnd(10)} ${await local.token('customer', DEMO_CUSTOMER)}`);
      for (const role of staffRoles) line(`  ${role.padEnd(10)} ${await local.token(role)}`);
    },
  };
}
