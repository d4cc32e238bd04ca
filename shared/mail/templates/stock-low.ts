import type { Company } from '../../company/company.ts';
import type { FactData } from '../../fact/fact.ts';
import { facts, paragraph } from './layout/blocks.ts';
import { composeMail, type MailContent } from './layout/compose.ts';

export type StockLow = { company: Company; low: FactData<'stock.low'>; description: string };

/** Tells whoever buys that a warehouse has less of a product than its reorder point. */
export function stockLowMail({ company, low, description }: StockLow): MailContent {
  const { sku, warehouse, available, reorderPoint } = low;
  return composeMail({
    company,
    language: 'en',
    subject: `${sku} runs low in ${warehouse}: ${available} available`,
    preheader: `Fewer than ${reorderPoint} are available.`,
    title: `${sku} runs low in ${warehouse}`,
    blocks: [
      paragraph('Fewer units are available than the reorder point of this warehouse. You hear of it once.'),
      facts([
        ['Product', `${sku} · ${description}`],
        ['Warehouse', warehouse],
        ['Available', String(available)],
        ['Reorder point', String(reorderPoint)],
      ]),
    ],
  });
}
