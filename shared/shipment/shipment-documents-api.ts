import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { OrderId, ShipmentId } from '../kernel/ids.ts';
import { CommercialInvoice } from './commercial-invoice.ts';
import { PackingSlip } from './packing-slip.ts';

const forms = ['json', 'pdf'] as const;
const document = {
  params: z.strictObject({ orderId: OrderId, shipmentId: ShipmentId }),
  query: z.strictObject({ format: z.enum(forms).optional() }),
  status: 200,
  produces: forms,
} as const;

export const getPackingSlip = contract({
  operationId: 'getPackingSlip',
  description:
    'What lies in a shipment, package by package, and what is still to come; as JSON or PDF by `Accept` or `format`. No prices.',
  ...document,
  response: PackingSlip,
  problems: ['order_not_found', 'shipment_not_found'],
});

export const getCommercialInvoice = contract({
  operationId: 'getCommercialInvoice',
  description:
    'What goods that cross a customs border are worth, with HS code, origin, weight and Incoterm as declared when they left; as JSON or PDF by `Accept` or `format`.',
  ...document,
  response: CommercialInvoice,
  problems: ['order_not_found', 'shipment_not_found', 'commercial_invoice_not_needed'],
});
