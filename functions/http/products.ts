import { isDeepStrictEqual } from 'node:util';
import { companyFromEnv } from '#shared/company/company.ts';
import type { Caller } from '#shared/http/caller.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { assertMatches } from '#shared/http/request.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { Sku, WarehouseId } from '#shared/kernel/ids.ts';
import { dateIn, type Instant } from '#shared/kernel/time.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import { listListedPrices, putListedPrice } from '#shared/pricing/price-list-api.ts';
import { listEntries, loadEntry, saveEntryActions } from '#shared/pricing/price-list-store.ts';
import { changeProduct, stockIn } from '#shared/product/change-product.ts';
import type { Product } from '#shared/product/product.ts';
import * as api from '#shared/product/product-api.ts';
import { loadProduct, saveProductActions } from '#shared/product/product-store.ts';
import {
  loadStockMovement,
  movementFactId,
  moveStockActions,
  nextMovement,
} from '#shared/stock/movement-store.ts';
import { loadShelves } from '#shared/stock/shelf-store.ts';
import { MAIN, type WarehousePolicy, warehousePolicy } from '#shared/stock/warehouse-policy.ts';
import { commit, onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const { timeZone } = companyFromEnv();

const put = operation(api.putProduct, ({ params, body, caller, at, ifMatch }) =>
  onFreshRead(async () => {
    const before = await loadProduct(table, params.sku, { consistent: true });
    assertMatches(ifMatch, before?.version ?? 0);
    const changed = changeProduct(before, params.sku, body);
    if (changed) await commit(table, saveProductActions(before, changed, { at, actor: caller.name }));
    const product = changed ?? before;
    if (!product) throw productNotFound(params.sku);
    return { status: before ? 200 : 201, ...(await viewOf(product, caller, at)) };
  }),
);

const get = operation(api.getProduct, async ({ params: { sku }, caller, at }) => {
  const product = await loadProduct(table, sku, { consistent: true });
  if (!product) throw productNotFound(sku);
  return viewOf(product, caller, at);
});

const move = operation(
  api.recordStockMovement,
  ({ params: { sku }, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const { warehouse = MAIN } = body;
      const [shelves, before] = await Promise.all([
        loadShelves(table, sku, { consistent: true }),
        warehouse === MAIN ? undefined : loadProduct(table, sku, { consistent: true }),
        refuseUnknown([warehouse, ...(body.from ? [body.from] : [])], at),
      ]);
      if (shelves.length === 0) throw new DomainError('product_not_found', `${sku} is not kept in stock.`);
      const movement = nextMovement(shelves, warehouse);
      const change = { at, actor: caller.name };
      const after = before && stockIn(before, warehouse);
      await commit(table, [
        remember(movementFactId(sku, warehouse, movement)),
        ...moveStockActions(sku, shelves, body, change),
        ...(after ? saveProductActions(before, after, change) : []),
      ]);
      return { body: { sku, movement, ...body, at, by: caller.name } };
    }),
  {
    replay: async (factId, { params: { sku } }) => {
      const { movement, fact } = await loadStockMovement(table, sku, factId);
      return { body: { movement, ...fact.data, at: fact.at, by: fact.actor } };
    },
  },
);

const putPrice = operation(putListedPrice, ({ params, body, caller, at }) =>
  onFreshRead(async () => {
    const { priceListId, sku } = params;
    const [product, before] = await Promise.all([
      loadProduct(table, sku, { consistent: true }),
      loadEntry(table, priceListId, sku),
    ]);
    if (!product) throw productNotFound(sku);
    if (before && isDeepStrictEqual(before.prices, body.prices)) return { status: 200, body: before };
    const change = { at, actor: caller.name };
    const { next, actions } = saveEntryActions(before, { ...params, ...body }, change);
    await commit(table, actions);
    return { status: before ? 200 : 201, body: next };
  }),
);

const listPrices = operation(listListedPrices, async ({ params, query }) => ({
  body: await listEntries(table, params.priceListId, query),
}));

export const handler = httpFunction(table, [put, get, move, putPrice, listPrices]);

const productNotFound = (sku: Sku) => new DomainError('product_not_found', `There is no product ${sku}.`);

/** @throws DomainError `warehouse_not_found` of those that are not `main` and that the policy does not know */
async function refuseUnknown(wanted: readonly WarehouseId[], at: Instant): Promise<void> {
  if (wanted.every((id) => id === MAIN)) return;
  const { warehouses } = await warehousesOn(at);
  const unknown = wanted.find((id) => !warehouses.some((each) => each.id === id));
  if (unknown === undefined) return;
  throw new DomainError(
    'warehouse_not_found',
    `There is no warehouse ${unknown} in the policy \`warehouses\`.`,
  );
}

async function warehousesOn(at: Instant): Promise<WarehousePolicy> {
  return (await policyInForce(table, warehousePolicy, dateIn(timeZone, at))).policy;
}

async function viewOf(product: Product, caller: Caller, at: Instant) {
  const [shelves, policy] = await Promise.all([
    loadShelves(table, product.sku, { consistent: true }),
    product.stockedIn && warehousesOn(at),
  ]);
  const orderable = (warehouse: WarehouseId) =>
    policy?.warehouses.some(({ id, active }) => id === warehouse && active) ?? true;
  return { version: product.version, body: api.productView(product, shelves, caller, orderable) };
}
