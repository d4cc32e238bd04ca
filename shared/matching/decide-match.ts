import { decideByAmount } from './decide-by-amount.ts';
import { decideByText } from './decide-by-text.ts';
import type { Match } from './match.ts';
import { type Evidence, matchOf, queued } from './match-evidence.ts';

/**
 * What to do with one line, by the first rule that says anything: what the payer announced, a payment recorded earlier,
 * invoices named in the text, and then, where the payer is known, amounts. Money out is never matched here.
 */
export function decideMatch(evidence: Evidence): Match {
  if (evidence.line.amount <= 0) return queued(evidence, ['money out is not matched with invoices']);
  return (
    byAdvice(evidence) ??
    byPayment(evidence) ??
    decideByText(evidence) ??
    decideByAmount(evidence) ??
    queued(evidence, [evidence.found.reason, 'the text names nothing that is open'])
  );
}

/** What the payer said it would pay: the advice its reference names, or its only one of this amount. */
function byAdvice(evidence: Evidence): Match | undefined {
  const { line, found, advices } = evidence;
  const fitting = advices.filter(({ advice, items }) => {
    if (advice.currency !== line.currency || advice.total !== line.amount) return false;
    const owed = new Map(items.map(({ invoiceId, balance }) => [invoiceId, balance]));
    const named = new Set(advice.invoices.map(({ invoiceId }) => invoiceId));
    return (
      named.size === advice.invoices.length &&
      advice.invoices.reduce((sum, { amount }) => sum + amount, 0) === line.amount &&
      advice.invoices.every((part) => part.amount + (part.discount ?? 0) <= (owed.get(part.invoiceId) ?? 0))
    );
  });
  const named = fitting.filter((one) => one.named);
  const [only, ...others] = named.length > 0 ? named : fitting;
  if (!only || others.length > 0) return undefined;
  const { advice } = only;
  // An advice known by payer and amount alone must not speak against what the text says.
  const listed = new Set<string>(advice.invoices.map(({ invoiceId }) => invoiceId));
  const contradicted = evidence.readings.found.some(({ item }) => !listed.has(item.invoiceId));
  if (!only.named && (contradicted || evidence.readings.unresolved.length > 0)) return undefined;
  return matchOf(evidence, {
    ...(contradicted && { outcome: 'suggested' }),
    rule: 'remittance_advice',
    score: only.named ? 1 : 0.95,
    reasons: [
      only.named ? `text bears the reference of advice ${advice.adviceId}` : found.reason,
      `amount is the total of advice ${advice.adviceId}`,
    ],
    customerId: advice.customerId,
    adviceId: advice.adviceId,
    allocations: advice.invoices.map(({ invoiceId, amount, discount }) => ({
      invoiceId,
      amount,
      ...(discount !== undefined && discount > 0 && { discount }),
    })),
  });
}

/** A payment recorded before, such as one a provider told of, that the line is the money of. */
function byPayment(evidence: Evidence): Match | undefined {
  const { line, payments } = evidence;
  const [only, ...others] = payments.filter(({ payment }) => payment.currency === line.currency);
  if (!only) return undefined;
  const { payment, confirmedBy } = only;
  const reasons = [`text bears the reference of payment ${payment.paymentId}`];
  const common = { rule: 'payment_reference', customerId: payment.customerId, allocations: [] } as const;
  if (confirmedBy !== undefined) {
    const told = [
      ...reasons,
      `which line ${confirmedBy} confirmed`,
      `looks like a duplicate of line ${confirmedBy}`,
    ];
    return matchOf(evidence, {
      ...common,
      outcome: 'suggested',
      score: 0.3,
      reasons: told,
      duplicateOf: confirmedBy,
    });
  }
  const exact = others.length === 0 && payment.amount === line.amount;
  return matchOf(evidence, {
    ...common,
    ...(!exact && { outcome: 'suggested' }),
    score: exact ? 1 : 0.5,
    reasons: [...reasons, exact ? 'amount is the same' : 'amount or reference does not single it out'],
    ...(exact && { confirms: payment.paymentId }),
  });
}
