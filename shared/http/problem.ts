import * as z from 'zod';
import { DomainError, type ErrorCode, type FieldIssue } from '../kernel/errors.ts';
import { TransactionConflict } from '../table/table.ts';
import { type Contract, varyOf } from './contract.ts';
import { escapeHtml } from './html.ts';

/** The status of every code: the only place where business meets HTTP. */
export const httpStatus = {
  validation_failed: 422,
  malformed_json: 400,
  body_too_large: 413,
  unsupported_media_type: 415,
  not_acceptable: 406,
  unauthorized: 401,
  forbidden: 403,
  route_not_found: 404,
  idempotency_key_missing: 400,
  idempotency_key_reused: 422,
  request_in_flight: 409,
  version_conflict: 409,
  precondition_failed: 412,
  cursor_invalid: 400,
  customer_not_found: 404,
  customer_blocked: 409,
  product_not_found: 404,
  product_price_missing: 422,
  price_not_allowed: 403,
  currency_mismatch: 422,
  insufficient_stock: 409,
  stock_reference_reused: 409,
  warehouse_not_found: 422,
  warehouse_ambiguous: 409,
  too_many_backorders: 409,
  order_not_found: 404,
  order_not_shippable: 409,
  edi_order_invalid: 422,
  order_import_invalid: 422,
  order_import_not_found: 404,
  source_document_not_found: 404,
  order_not_releasable: 409,
  claimed_by_other: 409,
  rule_not_found: 404,
  satisfaction_link_invalid: 404,
  quote_not_found: 404,
  quote_not_open: 409,
  case_not_found: 404,
  case_resolved: 409,
  case_not_reopenable: 409,
  order_not_cancellable: 409,
  order_has_deposit: 409,
  order_being_decided: 409,
  order_not_amendable: 409,
  amendment_below_shipped: 409,
  cancellation_exceeds_order: 409,
  change_too_long: 422,
  ship_to_changes_tax: 409,
  credit_limit_exceeded: 409,
  purchase_order_reused: 409,
  purchase_order_missing: 422,
  product_not_sold: 422,
  order_too_small: 422,
  shipment_exceeds_order: 409,
  packages_differ: 422,
  customs_data_missing: 409,
  commercial_invoice_not_needed: 409,
  shipment_not_found: 404,
  carrier_not_found: 404,
  invoice_not_found: 404,
  nothing_to_invoice: 409,
  deposit_not_possible: 409,
  deposit_exceeds_order: 409,
  invoice_not_open: 409,
  invoice_not_disputed: 409,
  credit_note_not_found: 404,
  payment_not_found: 404,
  refund_exceeds_unapplied: 409,
  refund_exceeds_paid: 409,
  refund_not_found: 404,
  refund_not_open: 409,
  payee_account_unknown: 409,
  refund_transfer_not_found: 404,
  refund_transfer_undone: 409,
  refund_transfer_paid: 409,
  credit_transfer_not_found: 404,
  credit_transfer_not_open: 409,
  credit_transfer_not_configured: 409,
  credit_transfer_not_ready: 409,
  nothing_to_transfer: 409,
  approval_by_requester: 403,
  mandate_not_found: 404,
  mandate_reused: 409,
  mandate_not_active: 409,
  direct_debit_not_found: 404,
  direct_debit_not_open: 409,
  direct_debit_not_ready: 409,
  direct_debit_not_configured: 409,
  collect_date_too_soon: 422,
  nothing_to_collect: 409,
  reversal_exceeds_payment: 409,
  write_off_exceeds_balance: 409,
  account_not_found: 404,
  period_not_ended: 409,
  period_closed: 409,
  period_before_open: 409,
  journal_empty: 409,
  journal_not_found: 404,
  payment_link_invalid: 404,
  allocation_exceeds_payment: 422,
  allocation_exceeds_balance: 422,
  allocation_wrong_customer: 422,
  discount_not_offered: 422,
  return_not_found: 404,
  credit_exceeds_invoice: 409,
  invoice_not_creditable: 409,
  return_exceeds_invoice: 409,
  return_reference_reused: 409,
  credit_limit_changed: 409,
  policy_invalid: 422,
  policy_not_found: 404,
  signature_invalid: 400,
  card_data_refused: 422,
  checkout_not_possible: 409,
  provider_unavailable: 503,
  too_many_lines: 422,
  amount_too_large: 422,
  table_busy: 503,
  e_invoice_not_possible: 422,
  statement_invalid: 422,
  remittance_invalid: 422,
  remittance_not_found: 404,
  remittance_not_open: 409,
  bank_account_unknown: 422,
  bank_account_number_taken: 409,
  bank_statement_not_found: 404,
  upload_not_found: 404,
  bank_line_not_found: 404,
  bank_line_decided: 409,
  bank_line_undecided: 409,
  bank_line_not_undoable: 409,
  payment_on_statement: 409,
  bank_account_not_found: 404,
  internal_error: 500,
} as const satisfies Record<ErrorCode, number>;

/** Seconds after which a busy table is worth another try. */
const RETRY_AFTER = 1;

/** RFC 9457 problem details, with the code and the fields at fault. `instance` is the request's id, for support. */
export const Problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  issues: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  instance: z.string(),
});
export type Problem = z.infer<typeof Problem>;

/** Where a code is explained to people, relative to the API's own address. */
const problemType = (code: ErrorCode) => `/docs#problem-${code}`;

/** A code in words. */
function problemTitle(code: ErrorCode): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The refusal that a thrown error means to the caller; undefined for what the caller can do nothing about. */
export function refusalOf(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error;
  if (error instanceof TransactionConflict || isThrottling(error)) {
    return new DomainError('table_busy', 'The system is busy. Try again in a moment.', { cause: error });
  }
  return undefined;
}

const throttlings = ['ThrottlingException', 'ProvisionedThroughputExceededException', 'RequestLimitExceeded'];
function isThrottling(error: unknown): boolean {
  return error instanceof Error && throttlings.includes(error.name);
}

/** Writes a refusal as a problem document. Without one, tells no more than that something failed. */
export function problemOf(refusal: DomainError | undefined, requestId: string): Problem {
  const code = refusal?.code ?? 'internal_error';
  return {
    type: problemType(code),
    title: problemTitle(code),
    status: statusOf(code, refusal?.issues ?? []),
    code,
    detail:
      refusal?.message ??
      'Something failed on our side. Try again; if it goes on, tell support the instance.',
    ...(refusal && refusal.issues.length > 0 && { issues: [...refusal.issues] }),
    instance: requestId,
  };
}

/** What is not found at the address is 404; what a field of the input names and is not found is the input's fault. */
function statusOf(code: ErrorCode, issues: readonly FieldIssue[]): number {
  const status = httpStatus[code];
  return status === 404 && issues.length > 0 ? 422 : status;
}

/** The problem as an HTTP response: a page for people where the route serves pages. */
export function problemResponse(problem: Problem, produces: Contract['produces'] = 'json') {
  const retry: Record<string, string> = {
    ...varyOf(produces),
    ...(problem.status === 503 && { 'retry-after': String(RETRY_AFTER) }),
  };
  return produces === 'html'
    ? {
        statusCode: problem.status,
        headers: { 'content-type': 'text/html; charset=utf-8', ...retry },
        body: problemPage(problem),
      }
    : {
        statusCode: problem.status,
        headers: { 'content-type': 'application/problem+json', ...retry },
        body: JSON.stringify(problem),
      };
}

function problemPage({ title, detail, instance }: Problem): string {
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1rem;color:#1d2433}small{color:#667}</style>
<h1>${escapeHtml(title)}</h1><p>${escapeHtml(detail)}</p><small>Reference ${escapeHtml(instance)}</small></html>`;
}

/** What a schema found wrong, by field. @param root what a path starts with, e.g. `Idempotency-Key` */
export function issuesOf(error: z.ZodError, root = ''): FieldIssue[] {
  return error.issues.flatMap((issue) => {
    const path = [...(root ? [root] : []), ...issue.path.map(String)];
    // Each unknown key is an issue of its own, at its own path.
    return issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: [...path, key].join('.'), message: 'is not a known field' }))
      : [{ path: path.join('.'), message: issue.message }];
  });
}

/** @throws DomainError `validation_failed` with every issue of `input` */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown, what: string): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new DomainError('validation_failed', `The ${what} is not as it should be; the issues say where.`, {
    issues: issuesOf(parsed.error),
  });
}
