import { availableParallelism, cpus, release, type } from 'node:os';

/** What the figures were taken on, for the reader to judge those that depend on it. */
export function machine(): string {
  const [model = 'unknown CPU'] = cpus().map((cpu) => cpu.model.trim());
  return `${model}, ${availableParallelism()} cores, ${type()} ${release()}, Node ${process.version}`;
}

/** The middle one; of an even number the upper of the two. */
export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
