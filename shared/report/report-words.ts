import type { CorrectionReason } from '../invoice/invoice.ts';
import type { AgeBucket, ReceivedBy } from './morning-report.ts';

/** Age buckets as finance reads them. */
export const ageLabels: Readonly<Record<AgeBucket, string>> = {
  not_due: 'Not due yet',
  '1-30': '1–30 days overdue',
  '31-60': '31–60 days overdue',
  '61-90': '61–90 days overdue',
  over_90: 'More than 90 days overdue',
};

/** Ways money comes in. */
export const methodLabels: Readonly<Record<ReceivedBy, string>> = {
  bank_transfer: 'bank transfers',
  cash: 'cash',
  card: 'cards, cheques and debits, on their way to the bank',
};

/** Why invoices were corrected. */
export const correctionLabels: Readonly<Record<CorrectionReason, string>> = {
  price: 'wrong price',
  quantity: 'wrong quantity',
  tax: 'wrong tax',
  address: 'wrong address',
  duplicate: 'invoiced twice',
  goods_returned: 'goods returned',
  goodwill: 'goodwill',
  cancelled: 'order cancelled',
  other: 'another mistake',
};
