import type * as z from 'zod';

/**
 * What a policy may say, and what holds until the company puts its own in force. Each lies beside its schema, so that
 * a function carries the policies it reads and no other.
 */
export type PolicyDefinition<P> = {
  readonly name: string;
  readonly schema: z.ZodType<P>;
  readonly shipped: P;
  /** How one is read that was stored by an older schema, where the defaults of its fields don't do. */
  readonly complete?: (stored: unknown) => { policy: P; defaulted: string[] };
};

/** A policy and the version that decisions cite: `shipped-1`, or its day and number such as `2026-04-01.02`. */
export type InForce<P> = {
  version: string;
  policy: P;
  /** What the company's version lacks, and is as shipped instead. */
  defaulted?: string[];
};
