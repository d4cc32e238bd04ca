import { createHash } from 'node:crypto';

/** How a customer settles one invoice. `afterDue` in days, negative is early; `share` of the balance. */
export type Habit = {
  kind: 'on time' | 'late' | 'very late' | 'short' | 'never';
  afterDue: number;
  share: number;
};

/**
 * How the invoice of document `number` will be settled: seven in ten on time, the others late, short or not at all.
 * Drawn from the number itself, so that every run of the same file is the same.
 */
export function habitOf(number: string): Habit {
  const draw = fraction(`${number} habit`);
  const within = fraction(`${number} days`);
  if (draw < 0.7) return { kind: 'on time', afterDue: -Math.floor(within * 20), share: 1 };
  if (draw < 0.82) return { kind: 'late', afterDue: 1 + Math.floor(within * 14), share: 1 };
  if (draw < 0.88) return { kind: 'very late', afterDue: 15 + Math.floor(within * 20), share: 1 };
  if (draw < 0.94) return { kind: 'short', afterDue: -Math.floor(within * 5), share: 0.9 };
  return { kind: 'never', afterDue: 0, share: 0 };
}

/** Days between an order's acceptance and its shipment: 0, 1 or 2, drawn from its number. */
export function daysToShip(number: string): number {
  return Math.floor(fraction(`${number} ship`) * 3);
}

/** A number from 0 to 1 that `seed` alone decides. */
function fraction(seed: string): number {
  return createHash('sha256').update(seed).digest().readUInt32BE(0) / 2 ** 32;
}
