import type { Advice, MatchLine, OpenCandidate, RecordedPayment } from './candidate-source.ts';
import type { FoundPayer } from './find-payer.ts';
import type { Match, MatchAllocation } from './match.ts';
import type { MatchingInForce, MatchRule } from './matching-policy.ts';
import type { Readings } from './read-references.ts';

/** All that is known of a line when it is decided. Balances are what earlier lines of the statement left. */
export type Evidence = {
  readonly line: MatchLine;
  readonly found: FoundPayer;
  /** What the payer owes in the line's currency, the oldest first; empty where the payer is unknown. */
  readonly own: readonly OpenCandidate[];
  readonly readings: Readings;
  /** Payments recorded earlier whose reference the line bears, with the line that confirmed it already. */
  readonly payments: readonly {
    readonly payment: RecordedPayment;
    readonly confirmedBy?: number | undefined;
  }[];
  /** Advices whose reference the line bears, or that the payer sent, with what is left of their invoices. */
  readonly advices: readonly {
    readonly advice: Advice;
    readonly named: boolean;
    readonly items: readonly OpenCandidate[];
  }[];
  /** The earlier line of the statement that this one repeats. */
  readonly repeats?: number | undefined;
  /** The earlier line of this payer and amount that was posted. */
  readonly paidBefore?: number | undefined;
  /** By invoice, the earlier line that settled it. */
  readonly settledBy: ReadonlyMap<string, number>;
  readonly inForce: MatchingInForce;
};

type Finding = {
  readonly outcome?: 'suggested';
  readonly rule: MatchRule;
  readonly score: number;
  readonly reasons: readonly string[];
  readonly allocations: readonly MatchAllocation[];
} & Partial<Pick<Match, 'customerId' | 'confirms' | 'adviceId' | 'dispute' | 'duplicateOf'>>;

/**
 * The match of a finding: posted where the policy posts its rule, unless the finding says that a person should look or
 * the line repeats another. What the allocations leave of the line is unapplied.
 */
export function matchOf({ line, inForce, repeats }: Evidence, finding: Finding): Match {
  const { outcome, rule, score, reasons, confirms, adviceId, dispute, ...more } = finding;
  const repeated = repeats !== undefined;
  const posts = outcome === undefined && !repeated && inForce.policy.posts.includes(rule);
  const allocations = repeated ? [] : finding.allocations;
  // A line that confirms a payment brings no money beyond it.
  const confirmed = !repeated && confirms !== undefined;
  const applied = confirmed ? line.amount : allocations.reduce((sum, { amount }) => sum + amount, 0);
  return {
    ...more,
    line: line.line,
    outcome: posts ? 'posted' : 'suggested',
    rule,
    score: Math.round(score * 100) / 100,
    reasons: repeated ? [...reasons, ...duplicateReasons(repeats)] : reasons,
    allocations,
    unapplied: line.amount - applied,
    ...(!repeated && {
      ...(confirms !== undefined && { confirms }),
      ...(adviceId !== undefined && { adviceId }),
      ...(dispute && { dispute }),
    }),
    ...(repeated && { duplicateOf: repeats }),
    policyVersion: inForce.version,
  };
}

function duplicateReasons(repeats: number | undefined): string[] {
  return repeats === undefined
    ? []
    : [`looks like a duplicate of line ${repeats}`, 'on account until someone decides'];
}

/** The match of a line that nothing is known of. */
export function queued({ line, inForce, repeats }: Evidence, reasons: readonly string[]): Match {
  return {
    line: line.line,
    outcome: 'queued',
    rule: 'none',
    score: 0,
    reasons: [...reasons, ...duplicateReasons(repeats)],
    allocations: [],
    unapplied: line.amount,
    ...(repeats !== undefined && { duplicateOf: repeats }),
    policyVersion: inForce.version,
  };
}
