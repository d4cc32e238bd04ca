import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { PageQuery, pageOf } from '../http/paging.ts';
import { Sku } from '../kernel/ids.ts';
import { PriceListEntry, PriceListId } from './price-list.ts';

const EntryView = PriceListEntry.extend({ version: z.int().min(1) });

export const putListedPrice = contract({
  operationId: 'putListedPrice',
  description:
    'What a price list says of a product. Customers that bear its id as `priceListId` pay it, before volume breaks and list prices; `from` and `to` are its first and last day. Repeating it changes nothing; orders keep the price they were placed at.',
  params: z.strictObject({ priceListId: PriceListId, sku: Sku }),
  body: PriceListEntry.pick({ prices: true }),
  status: 200,
  alsoStatus: 201,
  response: EntryView,
  problems: ['product_not_found', 'version_conflict'],
  example: {
    body: {
      prices: [
        {
          currency: 'GBP',
          from: '2026-04-01',
          breaks: [
            { from: 1, unitPrice: 280 },
            { from: 100, unitPrice: 245 },
          ],
        },
      ],
    },
  },
});

export const listListedPrices = contract({
  operationId: 'listListedPrices',
  description: 'What a price list says, by SKU. A list that nobody has written yet is empty.',
  params: z.strictObject({ priceListId: PriceListId }),
  query: PageQuery,
  status: 200,
  response: pageOf(EntryView),
  problems: ['cursor_invalid'],
});
