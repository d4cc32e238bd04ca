import { keys } from '../table/keys.ts';
import type { Table } from '../table/table.ts';
import { type Fact, type FactType, factAmong } from './fact.ts';

/**
 * The fact with the id `factId`, read consistently: what a request that is repeated is answered from.
 * @throws RangeError when it is not there, or of none of `types`
 */
export async function loadFact<T extends FactType>(
  table: Table,
  types: readonly T[],
  factId: string,
): Promise<Fact<T>> {
  const [subject = '', slot = ''] = factId.split('.');
  const item = await table.get(keys.fact(subject, slot), { consistent: true });
  if (!item) throw new RangeError(`there is no fact ${factId}`);
  return factAmong(types, item);
}
