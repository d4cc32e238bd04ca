/**
 * Everything the business can refuse, by a code that never changes. The HTTP status of each code stands in
 * `shared/http/problem.ts`, and nowhere else.
 */
export type ErrorCode =
  | 'validation_failed'
  | 'malformed_json'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'not_acceptable'
  | 'unauthorized'
  | 'forbidden'
  | 'route_not_found'
  | 'idempotency_key_missing'
  | 'idempotency_key_reused'
  | 'request_in_flight'
  | 'version_conflict'
  | 'precondition_failed'
  | 'cursor_invalid'
  | 'customer_not_found'
  | 'customer_blocked'
  | 'product_not_found'
  | 'product_price_missing'
  | 'price_not_allowed'
  | 'currency_mismatch'
  | 'insufficient_stock'
  | 'stock_reference_reused'
  | 'warehouse_not_found'
  | 'warehouse_ambiguous'
  | 'too_many_backorders'
  | 'order_not_found'
  | 'order_not_shippable'
  | 'order_not_releasable'
  | 'order_not_cancellable'
  | 'order_has_deposit'
  | 'order_being_decided'
  | 'order_not_amendable'
  | 'amendment_below_shipped'
  | 'cancellation_exceeds_order'
  | 'change_too_long'
  | 'ship_to_changes_tax'
  | 'credit_limit_exceeded'
  | 'purchase_order_reused'
  | 'shipment_exceeds_order'
  | 'packages_differ'
  | 'customs_data_missing'
  | 'commercial_invoice_not_needed'
  | 'shipment_not_found'
  | 'carrier_not_found'
  | 'invoice_not_found'
  | 'nothing_to_invoice'
  | 'deposit_not_possible'
  | 'deposit_exceeds_order'
  | 'invoice_not_open'
  | 'invoice_not_disputed'
  | 'credit_note_not_found'
  | 'payment_not_found'
  | 'refund_exceeds_unapplied'
  | 'refund_exceeds_paid'
  | 'refund_not_found'
  | 'refund_not_open'
  | 'payee_account_unknown'
  | 'refund_transfer_not_found'
  | 'refund_transfer_undone'
  | 'refund_transfer_paid'
  | 'credit_transfer_not_found'
  | 'credit_transfer_not_open'
  | 'credit_transfer_not_configured'
  | 'credit_transfer_not_ready'
  | 'nothing_to_transfer'
  | 'approval_by_requester'
  | 'mandate_not_found'
  | 'mandate_reused'
  | 'mandate_not_active'
  | 'direct_debit_not_found'
  | 'direct_debit_not_open'
  | 'direct_debit_not_ready'
  | 'direct_debit_not_configured'
  | 'collect_date_too_soon'
  | 'nothing_to_collect'
  | 'reversal_exceeds_payment'
  | 'write_off_exceeds_balance'
  | 'account_not_found'
  | 'period_not_ended'
  | 'period_closed'
  | 'period_before_open'
  | 'journal_empty'
  | 'journal_not_found'
  | 'payment_link_invalid'
  | 'allocation_exceeds_payment'
  | 'allocation_exceeds_balance'
  | 'allocation_wrong_customer'
  | 'discount_not_offered'
  | 'return_not_found'
  | 'credit_exceeds_invoice'
  | 'invoice_not_creditable'
  | 'return_exceeds_invoice'
  | 'return_reference_reused'
  | 'credit_limit_changed'
  | 'policy_invalid'
  | 'policy_not_found'
  | 'signature_invalid'
  | 'card_data_refused'
  | 'checkout_not_possible'
  | 'provider_unavailable'
  | 'too_many_lines'
  | 'amount_too_large'
  | 'table_busy'
  | 'e_invoice_not_possible'
  | 'statement_invalid'
  | 'remittance_invalid'
  | 'remittance_not_found'
  | 'remittance_not_open'
  | 'bank_account_unknown'
  | 'bank_account_number_taken'
  | 'bank_statement_not_found'
  | 'upload_not_found'
  | 'bank_line_not_found'
  | 'bank_line_decided'
  | 'bank_line_undecided'
  | 'bank_line_not_undoable'
  | 'payment_on_statement'
  | 'bank_account_not_found'
  | 'internal_error';

/** A field of the caller's input and what is wrong with it. `path` is dotted, e.g. `lines.0.quantity`. */
export type FieldIssue = { path: string; message: string };

/**
 * A refusal the caller can understand: `detail` says what to do about it. Thrown by decisions and stores,
 * turned into `application/problem+json` in one place.
 */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly issues: readonly FieldIssue[];

  constructor(
    code: ErrorCode,
    detail: string,
    options: { issues?: readonly FieldIssue[]; cause?: unknown } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DomainError';
    this.code = code;
    this.issues = options.issues ?? [];
  }
}
