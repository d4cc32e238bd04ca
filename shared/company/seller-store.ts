import { createHash } from 'node:crypto';
import { SellerId } from '../kernel/ids.ts';
import { commit } from '../table/commit.ts';
import { keys } from '../table/keys.ts';
import type { Item, Table } from '../table/table.ts';
import { Company } from './company.ts';

/** Companies this process has seen in the table: a seller is looked for once, not at every document. */
const stored = new Set<string>();

/**
 * The id of the company as it is now, which documents name as their seller. What it was is kept under that id before
 * the first document names it, so that documents read the same for ever: one write when something about the company
 * changed, none otherwise.
 */
export async function sellerOf(table: Table, company: Company): Promise<SellerId> {
  const seller = sellerId(company);
  if (stored.has(seller)) return seller;
  const key = keys.seller(seller);
  if (!(await table.get(key))) {
    // Whoever else writes it meanwhile writes the same.
    await commit(table, [{ do: 'put', item: { ...key, company } }]);
  }
  stored.add(seller);
  return seller;
}

/** The company as it stood on the documents that name `seller`. @throws RangeError when it is not there */
export async function loadSeller(table: Table, seller: SellerId): Promise<Company> {
  const item = await table.get(keys.seller(seller));
  if (!item) throw new RangeError(`there is no seller ${seller}`);
  return companyOf(item);
}

/** The same company has the same id, whatever order its fields were written in. */
function sellerId(company: Company): SellerId {
  const fields = Object.entries(Company.parse(company)).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const hash = createHash('sha256').update(JSON.stringify(fields)).digest('hex');
  return SellerId.parse(`com_${hash.slice(0, 32)}`);
}

const companyOf = (item: Item): Company => Company.parse(item['company']);
