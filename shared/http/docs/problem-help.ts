import type { ErrorCode } from '../../kernel/errors.ts';

/** What each code means and what to do about it, for people. */
export const problemHelp: Readonly<Record<ErrorCode, string>> = {
  validation_failed:
    'The input breaks a rule; <code>issues</code> name each field and what is wrong with it.',
  malformed_json: 'The body is not JSON.',
  body_too_large: 'The body is larger than 1 MiB, or a file larger than 5 MiB.',
  unsupported_media_type: 'The Content-Type header does not say what the operation takes.',
  not_acceptable: 'The Accept header names no form that this comes in.',
  unauthorized: 'There is no valid token. Sign in again.',
  forbidden: 'Your roles do not allow this.',
  route_not_found: 'There is nothing at this address.',
  idempotency_key_missing: 'Send an Idempotency-Key header.',
  idempotency_key_reused: 'The key was used for another request. Use a new one for a new thing.',
  request_in_flight: 'The first request with this key is still under way. Try again shortly.',
  version_conflict: 'Someone else changed it at the same moment. Read it again, then retry.',
  precondition_failed: 'It is no longer at the version in your If-Match. Read it again and decide anew.',
  cursor_invalid: 'The cursor is not one of this list. Start again without it.',
  customer_not_found: 'There is no such customer, or it is not yours.',
  customer_blocked: 'The customer is blocked. Ask the credit team.',
  product_not_found: 'There is no such product, or it is not kept in stock.',
  product_price_missing: 'The product has no list price in this currency.',
  price_not_allowed: 'Only sales agree prices. Leave the price out.',
  currency_mismatch: 'The currency is not the one of the account, order or invoice.',
  insufficient_stock: 'Fewer units are available than asked for.',
  stock_reference_reused: 'A movement of this product with this reference is booked already.',
  warehouse_not_found: 'The policy `warehouses` knows no such warehouse.',
  warehouse_ambiguous: 'What is left lies in several warehouses. Say which one ships, one shipment each.',
  too_many_backorders: 'More than 90 products would have to wait for stock. Split the order.',
  order_not_found: 'There is no such order, or it is not yours.',
  order_import_invalid: 'The file can’t be taken; `issues` names row and column. Nothing of it was taken.',
  order_import_not_found: 'There is no such import, or it is not yours.',
  edi_order_invalid:
    'The document is no Order of UBL 2.1 that can be taken; `issues` names the elements at fault.',
  source_document_not_found: 'The order did not come by a document.',
  order_not_shippable: 'The order is not confirmed, or nothing of it is left to ship.',
  order_not_releasable: 'Only a held order can be released.',
  case_not_found: 'There is no such case, or it is not yours.',
  case_resolved: 'The case is resolved. Open it again first.',
  case_not_reopenable: 'The case is not resolved, or was so too long ago. The detail says which.',
  quote_not_found: 'There is no such quote, or it is not yours.',
  quote_not_open: 'The quote was accepted, declined, or its last day is over. The detail says which.',
  satisfaction_link_invalid: 'The link is not one of ours. Open it from the mail.',
  rule_not_found: 'There is no such rule.',
  claimed_by_other: 'A colleague works on it. Ask them, or claim it with `takeOver` and why.',
  order_not_cancellable: 'Something of the order has shipped, or it is decided already.',
  order_has_deposit:
    'A deposit was invoiced on the order, and what is left of the order would come to less. Credit that invoice whole first.',
  order_being_decided:
    'The order was placed, released or changed this very moment. Try again in a few seconds.',
  order_not_amendable:
    'The order is decided or has shipped, so that what you ask for can’t change any more. The detail says what can.',
  amendment_below_shipped: 'Fewer units than have shipped already. The figures of each line are in `issues`.',
  cancellation_exceeds_order: 'More units than are left to ship. The figures of each line are in `issues`.',
  change_too_long: 'One change moves the stock of at most 90 SKUs. Send it in several parts.',
  ship_to_changes_tax:
    'The goods would be taxed otherwise at that address. Cancel the order and place it for the other address.',
  credit_limit_exceeded:
    'The change makes the order larger than credit allows without a person. Ask for less, or let the order wait with `onInsufficientCredit`.',
  purchase_order_reused: 'The customer has an order with this purchase-order number already.',
  purchase_order_missing: 'This customer’s orders name the purchase order. Send it as `poNumber`.',
  product_not_sold:
    'Some products are not sold to that country, not yet or no more. `issues` says which and why.',
  order_too_small:
    'The order is worth less than the least we take, which the detail names. Order more, or ask sales.',
  shipment_exceeds_order: 'More units than the order has left to ship.',
  packages_differ: 'The packages must hold exactly what leaves. The figures of each line are in `issues`.',
  customs_data_missing:
    'The goods cross a customs border, and their products lack what it takes. Put `customs` on those in `issues`, then ship.',
  commercial_invoice_not_needed: 'The goods of this shipment cross no customs border. It has a packing slip.',
  shipment_not_found: 'There is no such shipment.',
  carrier_not_found: 'The policy `carriers` knows no such carrier.',
  invoice_not_found: 'There is no such invoice, or it is not yours.',
  nothing_to_invoice:
    'Nothing of the order has shipped that is not invoiced yet. See its shipments for the invoices there are.',
  deposit_not_possible: 'A deposit is asked for on a confirmed order of which nothing has shipped.',
  deposit_exceeds_order: 'All deposits on an order together ask for what it is worth at most. Ask for less.',
  invoice_not_open: 'The invoice is paid already.',
  invoice_not_disputed: 'The invoice is not in dispute.',
  credit_note_not_found: 'There is no such credit note, or it is not yours.',
  payment_not_found: 'There is no such payment, or it is not yours.',
  reversal_exceeds_payment: 'No more can be reversed than was paid and is not refunded or reversed yet.',
  refund_exceeds_unapplied:
    'No more can be given back than is not used of the payment or credit note and waits for no approval. Credit an invoice first to free more.',
  refund_exceeds_paid:
    'No more can be paid out for a credit note than the customer paid and did not get back. Name another payment of the customer as `paymentId`, or set the credit note against an invoice.',
  refund_not_found: 'There is no such refund: one that needs no approval is done at once.',
  refund_not_open: 'The refund was approved or rejected already.',
  payee_account_unknown:
    'No bank line or mandate says where this money came from. Give the account to pay to as `payee`: someone else approves it.',
  refund_transfer_not_found: 'No transfer of that run, or none that waits, has this end-to-end id.',
  refund_transfer_undone: 'This refund is undone: its money is unused again. Refund it anew.',
  refund_transfer_paid: 'A bank line says that this refund went out. Undo that line first.',
  credit_transfer_not_found: 'There is no such credit transfer run.',
  credit_transfer_not_open: 'The run is cancelled, or nothing of what you name waits for the bank any more.',
  credit_transfer_not_configured:
    'Give the bank account its IBAN for ISO 20022 files; for NACHA put `directDebit.ach` into the company in `cdk.json`.',
  credit_transfer_not_ready:
    'The run is still being collected. Ask for a run of this bank account again: that finishes it.',
  nothing_to_transfer:
    'No refund waits for a transfer in the currency of this bank account and the format you want.',
  approval_by_requester:
    'Who asked for a refund does not decide about it, nor who entered an order about releasing it. Ask a colleague.',
  mandate_not_found: 'There is no such mandate of this customer.',
  mandate_reused: 'The customer has a mandate of that id already. Give the new one an id of its own.',
  mandate_not_active: 'The mandate is revoked or, being for one debit, used already.',
  direct_debit_not_found: 'There is no such direct debit run.',
  direct_debit_not_open:
    'The run is cancelled or settled already, or none of these invoices waits for it any more.',
  direct_debit_not_ready:
    'A large run is filled after the request that made it. Read it until its `status` is `ready`, then ask for its file.',
  direct_debit_not_configured:
    'Put `directDebit` into the company in `cdk.json`: the creditor identifier for SEPA, `ach` for NACHA.',
  collect_date_too_soon:
    'Customers are told of a debit before it, and banks want the file in time, as the policy `debit` says. Choose a later day.',
  nothing_to_collect:
    'No invoice is due by that day whose customer has an active mandate and that is not in a run already.',
  write_off_exceeds_balance: 'No more can be written off than is owed on the invoice.',
  account_not_found: 'The chart of accounts in force has no such code.',
  period_not_ended: 'A month can be closed from a day after its end.',
  period_closed: 'The month is closed already, and stays so. Corrections go into the open month.',
  period_before_open: 'An earlier month with entries is still open. Close that first.',
  journal_empty: 'Nothing was posted since the last journal, up to the end of yesterday.',
  journal_not_found: 'No journal of that number was taken.',
  payment_link_invalid: 'The link is damaged or too old. Ask for a new invoice mail.',
  allocation_exceeds_payment: 'The allocations add up to more than the payment.',
  allocation_exceeds_balance: 'An allocation is larger than what is open on its invoice.',
  allocation_wrong_customer: 'An invoice belongs to another customer.',
  discount_not_offered:
    'A discount for paying early is more than its invoice offers, or late without a reason.',
  return_not_found: 'There is no such return, or it is not yours.',
  credit_exceeds_invoice: 'More would be credited than was invoiced and not credited yet.',
  invoice_not_creditable: 'The invoice can not be corrected that way; the detail says which way is left.',
  return_exceeds_invoice: 'More is returned than the invoice has left to credit.',
  return_reference_reused: 'The customer has another return with this reference already.',
  credit_limit_changed: 'The credit limit or what is owed changed meanwhile. Try again.',
  policy_invalid: 'The policy breaks a rule of its kind, or would take effect in the past.',
  policy_not_found: 'There is no policy of this name.',
  signature_invalid: 'The signature does not match the body, or is too old.',
  card_data_refused:
    'The body holds what looks like a card number or code. Take payments by the payment link.',
  checkout_not_possible: 'The payment provider can not take this amount or currency. Pay by bank transfer.',
  provider_unavailable: 'The payment provider does not answer. Try again in a moment.',
  too_many_lines: 'More lines than one document can hold.',
  amount_too_large: 'An amount is larger than this system carries.',
  table_busy: 'Too many writers at once. Try again after Retry-After seconds.',
  e_invoice_not_possible:
    'The electronic format has no form for this document; the detail says why. Take the PDF.',
  statement_invalid:
    'The bank statement can not be read, or its balances and entries do not tie; the detail says where.',
  remittance_invalid:
    'The advice names invoices that are not open, amounts above what is owed, or a total that is not their sum.',
  remittance_not_found: 'There is no such remittance advice, or it is not yours.',
  remittance_not_open: 'A payment followed the advice, or it was withdrawn before.',
  bank_account_unknown:
    'The statement is of an account that no bank account here bears. Save that account first.',
  bank_account_number_taken: 'Another bank account bears this IBAN or number in this currency.',
  bank_statement_not_found: 'No such bank statement was taken.',
  upload_not_found: 'There is no such upload.',
  bank_line_not_found: 'No statement that was taken has such a line.',
  bank_line_decided: 'The line is decided already. Undo that first.',
  bank_line_undecided: 'Nothing was decided about the line that could be undone.',
  bank_line_not_undoable: 'The line recorded a payment of which part was given back or reversed since.',
  payment_on_statement: 'Another bank line told of this payment or refund already.',
  bank_account_not_found: 'There is no such bank account.',
  internal_error:
    'Something failed on our side. Try again; if it goes on, tell support the <code>instance</code>.',
};
