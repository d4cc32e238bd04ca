import type { Caller } from '#shared/http/caller.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { assertMatches } from '#shared/http/request.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { Sku } from '#shared/kernel/ids.ts';
import { changeProduct } from '#shared/product/change-product.ts';
import type { Product } from '#shared/product/product.ts';
import * as api from '#shared/product/product-api.ts';
import {
  loadProduct,
  loadStock,
  loadStockMovement,
  movementFactId,
  moveStockActions,
  saveProductActions,
} from '#shared/product/product-store.ts';
import { commit, onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();

const put = operation(api.putProduct, ({ params, body, caller, at, ifMatch }) =>
  onFreshRead(async () => {
    const before = await loadProduct(table, params.sku, { consistent: true });
    assertMatches(ifMatch, before?.version ?? 0);
    const changed = changeProduct(before, params.sku, body);
    if (changed) await commit(table, saveProductActions(before, changed, { at, actor: caller.name }));
    const product = changed ?? before;
    if (!product) throw productNotFound(params.sku);
    return { status: before ? 200 : 201, ...(await viewOf(product, caller)) };
  }),
);

const get = operation(api.getProduct, async ({ params: { sku }, caller }) => {
  const product = await loadProduct(table, sku, { consistent: true });
  if (!product) throw productNotFound(sku);
  return viewOf(product, caller);
});

const move = operation(
  api.recordStockMovement,
  ({ params: { sku }, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const stock = (await loadStock(table, [sku], { consistent: true })).get(sku);
      if (!stock) throw new DomainError('product_not_found', `${sku} is not kept in stock.`);
      const movement = stock.version + 1;
      const actor = caller.name;
      await commit(table, [
        remember(movementFactId(sku, movement)),
        ...moveStockActions(stock, body, { at, actor }),
      ]);
      return { body: { sku, movement, ...body, at, by: actor } };
    }),
  {
    replay: async (factId, { params: { sku } }) => {
      const { movement, fact } = await loadStockMovement(table, sku, factId);
      return { body: { movement, ...fact.data, at: fact.at, by: fact.actor } };
    },
  },
);

export const handler = httpFunction(table, [put, get, move]);

const productNotFound = (sku: Sku) => new DomainError('product_not_found', `There is no product ${sku}.`);

async function viewOf(product: Product, caller: Caller) {
  const stock = await loadStock(table, [product.sku], { consistent: true });
  return { version: product.version, body: api.productView(product, stock.get(product.sku), caller) };
}
