import * as bank from '../bank/bank-api.ts';
import * as bankLines from '../bank/bank-line-api.ts';
import * as carriers from '../carrier/carrier-api.ts';
import * as cases from '../case/case-api.ts';
import * as counterSales from '../counter-sale/counter-sale-api.ts';
import * as corrections from '../credit-note/credit-note-request.ts';
import * as nettings from '../credit-note/net-credit-api.ts';
import * as creditTransfers from '../credit-transfer/credit-transfer-api.ts';
import * as customers from '../customer/customer-api.ts';
import * as deliveries from '../delivery/delivery-api.ts';
import * as deposits from '../deposit/deposit-api.ts';
import * as directDebits from '../direct-debit/direct-debit-api.ts';
import * as mandates from '../direct-debit/mandate-api.ts';
import * as edi from '../edi/edi-api.ts';
import * as creditNotes from '../invoice/credit-note-api.ts';
import * as invoices from '../invoice/invoice-api.ts';
import * as orderInvoices from '../invoice/invoice-order-api.ts';
import * as ledger from '../ledger/ledger-api.ts';
import * as orders from '../order/order-api.ts';
import * as proFormas from '../order/pro-forma-api.ts';
import * as orderImports from '../order-import/order-import-api.ts';
import * as payments from '../payment/payment-api.ts';
import * as paymentChanges from '../payment/payment-change-api.ts';
import * as unappliedCash from '../payment/unapplied-cash-api.ts';
import * as policies from '../policy/policy-api.ts';
import * as portal from '../portal/portal-api.ts';
import * as priceLists from '../pricing/price-list-api.ts';
import * as products from '../product/product-api.ts';
import * as queues from '../queue/queue-api.ts';
import * as quotes from '../quote/quote-api.ts';
import * as refunds from '../refund/refund-api.ts';
import * as remittances from '../remittance/remittance-api.ts';
import * as reports from '../report/report-api.ts';
import * as returns from '../return/return-api.ts';
import * as rules from '../rule/rule-api.ts';
import * as satisfaction from '../satisfaction/satisfaction-api.ts';
import * as shipments from '../shipment/shipment-api.ts';
import * as shipmentDocuments from '../shipment/shipment-documents-api.ts';
import * as statements from '../statement/statement-api.ts';
import type { Contract } from './contract.ts';
import * as docs from './docs/docs-api.ts';

/** Every operation of the API. A test holds this list and the routes against each other. */
export const contracts: readonly Contract[] = [
  bank,
  bankLines,
  carriers,
  corrections,
  counterSales,
  creditNotes,
  creditTransfers,
  customers,
  deliveries,
  directDebits,
  mandates,
  docs,
  invoices,
  orderInvoices,
  deposits,
  ledger,
  orders,
  payments,
  paymentChanges,
  unappliedCash,
  nettings,
  policies,
  portal,
  proFormas,
  queues,
  rules,
  satisfaction,
  quotes,
  cases,
  edi,
  orderImports,
  priceLists,
  products,
  refunds,
  remittances,
  reports,
  returns,
  shipments,
  shipmentDocuments,
  statements,
].flatMap((api) => Object.values<unknown>(api).filter(isContract));

function isContract(exported: unknown): exported is Contract {
  return (
    typeof exported === 'object' && exported !== null && 'operationId' in exported && 'status' in exported
  );
}
