import { DomainError, type FieldIssue } from '../kernel/errors.ts';
import { unitsByLine } from '../order/line-units.ts';
import type { Package, ShipmentLine } from './shipment.ts';

/** What `packages` hold together. */
export function packedLines(packages: readonly Package[]): ShipmentLine[] {
  return [...unitsByLine(packages)].map(([line, quantity]) => ({ line, quantity }));
}

/**
 * @throws DomainError `packages_differ` where packages don't hold just what leaves, or two bear the same tracking number
 */
export function assertPacked(packages: readonly Package[], leaving: readonly ShipmentLine[]): void {
  const packed = unitsByLine(packages);
  const left = unitsByLine([{ lines: leaving }]);
  const issues: FieldIssue[] = [...new Set([...packed.keys(), ...left.keys()])].flatMap((line) => {
    const units = packed.get(line) ?? 0;
    const wanted = left.get(line) ?? 0;
    return units === wanted
      ? []
      : [{ path: 'packages', message: `hold ${units} units of line ${line}; ${wanted} leave` }];
  });
  const seen = new Set<string>();
  for (const [index, { trackingNumber }] of packages.entries()) {
    if (trackingNumber === undefined) continue;
    if (seen.has(trackingNumber))
      issues.push({ path: `packages.${index}.trackingNumber`, message: 'is that of another package' });
    seen.add(trackingNumber);
  }
  if (issues.length === 0) return;
  throw new DomainError('packages_differ', 'The packages must hold exactly what leaves.', { issues });
}
