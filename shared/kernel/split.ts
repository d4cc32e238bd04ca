/**
 * `total` in the proportion of `weights`, in whole units that add up to it: each gets its share rounded down, and
 * what is left goes one by one to those that lost most by it (largest remainder; the first of equals).
 * @param total not negative
 * @param weights not negative, and not all 0 unless `total` is
 */
export function splitInProportion(total: number, weights: readonly number[]): number[] {
  const whole = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  if (whole === 0n) {
    if (total !== 0) throw new RangeError(`${total} can't be split in the proportion of nothing`);
    return weights.map(() => 0);
  }
  const shares = weights.map((weight, index) => {
    const product = BigInt(total) * BigInt(weight);
    return { index, floor: Number(product / whole), rest: product % whole };
  });
  const left = total - shares.reduce((sum, { floor }) => sum + floor, 0);
  const luckyOnes = new Set(
    shares
      .toSorted((one, other) => (one.rest === other.rest ? 0 : one.rest > other.rest ? -1 : 1))
      .slice(0, left)
      .map(({ index }) => index),
  );
  return shares.map(({ index, floor }) => (luckyOnes.has(index) ? floor + 1 : floor));
}
