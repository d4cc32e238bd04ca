import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { OrderId } from '../kernel/ids.ts';
import { OrderResponse } from './order-response.ts';

const forms = ['ubl', 'json'] as const;
const query = z.strictObject({ format: z.enum(forms).optional() });
const params = z.strictObject({ orderId: OrderId });

export const takeEdiOrder = contract({
  operationId: 'takeEdiOrder',
  description:
    'An Order of UBL 2.1 (Peppol BIS Ordering 3 is one), up to 1,000 lines. The buyer is named by `SupplierAssignedAccountID` (our customer id) or by its Peppol `EndpointID`, products by `SellersItemIdentification`; prices are those the buyer expects, and where ours differ the order waits for sales. Its `ID` is the purchase-order number: the same document again is answered as its order stands, without effect, so that it needs no Idempotency-Key. The answer is an OrderResponse: AP accepted, AB not decided yet, CA accepted with changes, RE refused, and then nothing was written. What can’t even be read is a problem.',
  query,
  accepts: 'file',
  status: 201,
  alsoStatus: 200,
  response: OrderResponse,
  produces: forms,
  problems: ['edi_order_invalid', 'customer_not_found', 'body_too_large'],
});

export const getOrderResponse = contract({
  operationId: 'getOrderResponse',
  description: 'How an order that came by EDI stands, as OrderResponse of UBL 2.1 or as JSON.',
  params,
  query,
  status: 200,
  response: OrderResponse,
  produces: forms,
  problems: ['order_not_found', 'source_document_not_found'],
});

export const getSourceDocument = contract({
  operationId: 'getSourceDocument',
  description: 'The document an order came by, as it came.',
  params,
  query: z.strictObject({ format: z.enum(['ubl']).optional() }),
  status: 200,
  produces: ['ubl'],
  problems: ['order_not_found', 'source_document_not_found'],
});
