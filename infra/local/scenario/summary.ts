import type { LocalClient } from '../local-client.ts';
import { audit } from './audit.ts';
import type { Lived } from './run.ts';

/** The last line of `--once`: what the whole table comes to and whether its invariants hold. Minor units. */
export async function lastLine(base: string, local: LocalClient, lived: Lived) {
  await local.quiesce();
  const queued = await local.queued();
  const { figures, checked, violations } = await audit(base, queued);
  const { totalUsd, totalUsdWithoutMail } = await local.meter();
  const { placed, ...decided } = figures.orders;
  if (queued.length > 0)
    process.stderr.write(`${queued.length} messages wait for a person in ${base}/_local/queues\n`);
  for (const { invariant, detail } of violations) process.stderr.write(`invariant ${invariant}: ${detail}\n`);
  return {
    violations: violations.length,
    line: {
      orders: { read: lived.documents, placed, ...decided, returns: figures.returns },
      lines: lived.lines,
      ...(lived.net !== undefined && { fileNet: { GBP: lived.net } }),
      ordered: figures.ordered,
      returned: figures.returned,
      invoiced: figures.invoiced,
      credited: figures.credited,
      collected: figures.collected,
      discounted: figures.discounted,
      outstanding: figures.outstanding,
      reminders: figures.reminders,
      mails: figures.mails,
      trialBalance: figures.trialBalance,
      invariants: { checked, violations: violations.length },
      meter: {
        usdPerOrder: perOrder(totalUsd, Number(placed)),
        usdPerOrderWithoutMail: perOrder(totalUsdWithoutMail, Number(placed)),
      },
    },
  };
}

/** Dollars to seven digits: a ten-thousandth of a cent is less than what an order costs. */
function perOrder(usd: number, orders: number): number {
  return orders === 0 ? 0 : Number((usd / orders).toFixed(7));
}
