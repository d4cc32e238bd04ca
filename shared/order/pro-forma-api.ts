import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { OrderId } from '../kernel/ids.ts';
import { OrderView } from './order-api.ts';

const forms = ['json', 'pdf'] as const;

/** The order as it was placed, for customs, banks and approvals: no invoice, no number, posted nowhere. */
export const ProFormaView = OrderView.extend({ kind: z.literal('pro_forma') });
export type ProFormaView = z.infer<typeof ProFormaView>;

export const getProForma = contract({
  operationId: 'getProForma',
  description:
    'The order as it was placed, set out like an invoice, as JSON or PDF by `Accept` or `format`. It has no number, is posted nowhere and says that it is no tax invoice.',
  params: z.strictObject({ orderId: OrderId }),
  query: z.strictObject({ format: z.enum(forms).optional() }),
  status: 200,
  response: ProFormaView,
  produces: forms,
  problems: ['order_not_found'],
});
