import { suppliedTotals } from '../deposit/deduct-deposits.ts';
import { DomainError, type FieldIssue } from '../kernel/errors.ts';
import { Sku } from '../kernel/ids.ts';
import { percentOf, shareOf } from '../kernel/money.ts';
import { splitInProportion } from '../kernel/split.ts';
import type { Adjustment } from '../order/order.ts';
import { creditedDiscounts } from '../return/credited-discounts.ts';
import {
  asInvoiced,
  beyondInvoice,
  type CreditedLine,
  creditTotals,
  groupsLeft,
  type ReturnedInvoice,
} from '../return/credited-lines.ts';
import { type TaxGroup, type Totals, totalsOfGroups } from '../tax/tax.ts';
import type { CreditNoteRequest } from './credit-note-request.ts';

/** What a credit note says in figures. `quotedAsInvoiced`: its prices have tax in them where the invoice's have. */
export type CreditFigures = {
  readonly lines: readonly CreditedLine[];
  readonly adjustments: readonly Adjustment[];
  readonly totals: Totals;
  readonly quotedAsInvoiced: boolean;
};

/** The article of a line that credits an amount and no units. */
const AMOUNT_SKU = Sku.parse('CREDIT');

/**
 * What a request credits of an invoice: never more of a line's units, nor of a tax group's net or tax, than was invoiced
 * and not credited before.
 * @throws DomainError `credit_exceeds_invoice` with the fields at fault
 */
export function creditFigures(request: CreditNoteRequest, basis: ReturnedInvoice): CreditFigures {
  const figures = figuresOf(request, basis);
  const message = beyondInvoice(figures.totals, basis);
  if (message !== undefined) {
    throw exceeds(basis, { path: request.scope === 'lines' ? 'lines' : 'scope', message });
  }
  return figures;
}

function figuresOf(request: CreditNoteRequest, basis: ReturnedInvoice): CreditFigures {
  switch (request.scope) {
    case 'full':
      return allThatIsLeft(basis, request.reason);
    case 'lines':
      return ofLines(request.lines, basis, request.reason);
    case 'amount': {
      const left = groupsLeft(basis);
      refuseMoreThan(sumOf(left.map(({ net }) => net)), request.net, 'net', basis);
      const nets = splitInProportion(
        request.net,
        left.map(({ net }) => net),
      );
      const parts = left.map((group, index) => ({ ...group, net: nets[index] ?? 0 }));
      const lines = amountLines(parts, request.reason, 1);
      return { lines, adjustments: [], totals: totalsLike(lines, [], basis), quotedAsInvoiced: false };
    }
    case 'goodwill':
      return ofGross(request.gross, basis, request.reason);
    default:
      return request satisfies never;
  }
}

/** An invoice of which nothing was credited comes back as it is; else what is left of each tax group, as an amount. */
function allThatIsLeft(basis: ReturnedInvoice, reason: string): CreditFigures {
  const { invoice, lines, credited } = basis;
  const left = groupsLeft(basis);
  if (left.every(({ net, tax }) => net === 0 && tax === 0)) {
    throw new DomainError('credit_exceeds_invoice', `All of ${invoice.number} is credited already.`);
  }
  if (!credited) {
    return {
      lines: lines.map((line) => ({ ...line, condition: 'scrap', invoiceLine: line.line })),
      adjustments: invoice.adjustments ?? [],
      totals: suppliedTotals(invoice),
      quotedAsInvoiced: true,
    };
  }
  return asAmounts(left, reason);
}

/** Units of lines at what they came to, with their share of the document's discounts; and amounts off lines. */
function ofLines(
  wanted: Extract<CreditNoteRequest, { scope: 'lines' }>['lines'],
  basis: ReturnedInvoice,
  reason: string,
): CreditFigures {
  const { invoice } = basis;
  const byUnits = wanted.some((line) => 'quantity' in line);
  const lines = wanted.map((request, index): CreditedLine => {
    const source = basis.lines.find(({ line }) => line === request.line);
    if (!source) {
      throw exceeds(basis, { path: `lines.${index}.line`, message: `${invoice.number} has no such line` });
    }
    const common = { line: index + 1, condition: 'scrap' } as const;
    if ('net' in request) {
      if (request.net > source.net) {
        throw exceeds(basis, {
          path: `lines.${index}.net`,
          message: `the line was ${source.net} before tax`,
        });
      }
      // Where units beside it are priced with tax, this is, too.
      const tax =
        byUnits && invoice.pricesIncludeTax ? percentOf(request.net, source.tax.rate, invoice.currency) : 0;
      return {
        ...common,
        kind: source.kind,
        sku: source.sku,
        description: `${source.description}: ${reason}`.slice(0, 200),
        quantity: 1,
        unitPrice: request.net + tax,
        net: request.net,
        tax: source.tax,
      };
    }
    const before = basis.credited?.quantities[String(source.line)] ?? 0;
    const available = source.quantity - before;
    if (request.quantity > available) {
      throw exceeds(basis, { path: `lines.${index}.quantity`, message: `only ${available} left to credit` });
    }
    const { unitCost: _cost, ...units } = asInvoiced(
      source,
      { before, quantity: request.quantity },
      invoice.pricesIncludeTax,
    );
    return { ...units, ...common, invoiceLine: source.line };
  });
  const adjustments = byUnits ? creditedDiscounts(lines, basis) : [];
  return { lines, adjustments, totals: totalsLike(lines, adjustments, basis), quotedAsInvoiced: byUnits };
}

/** An amount with tax in it, to the cent: what of it is tax is worked out of it, within what is left of each group. */
function ofGross(gross: number, basis: ReturnedInvoice, reason: string): CreditFigures {
  const left = groupsLeft(basis);
  const grossLeft = left.map(({ net, tax }) => net + tax);
  refuseMoreThan(sumOf(grossLeft), gross, 'gross', basis);
  const shares = splitInProportion(gross, grossLeft);
  return asAmounts(
    left.map((group, index) => {
      const share = shares[index] ?? 0;
      const net = Math.min(
        group.net,
        Math.max(shareOf(share, group.net, group.net + group.tax), share - group.tax),
      );
      return { ...group, net, tax: share - net };
    }),
    reason,
  );
}

function asAmounts(groups: readonly TaxGroup[], reason: string): CreditFigures {
  const credited = groups.filter(({ net, tax }) => net > 0 || tax > 0);
  return {
    lines: amountLines(credited, reason, 1),
    adjustments: [],
    totals: totalsOfGroups(credited),
    quotedAsInvoiced: false,
  };
}

/** One line for each tax group: what is credited of it. */
function amountLines(groups: readonly TaxGroup[], reason: string, first: number): CreditedLine[] {
  return groups
    .filter(({ net, tax }) => net > 0 || tax > 0)
    .map(({ net, tax: _tax, ...treatment }, index) => ({
      line: first + index,
      kind: 'goods',
      sku: AMOUNT_SKU,
      description: reason.slice(0, 200),
      quantity: 1,
      unitPrice: net,
      net,
      tax: treatment,
      condition: 'scrap',
    }));
}

function totalsLike(
  lines: readonly CreditedLine[],
  adjustments: readonly Adjustment[],
  { invoice, credited }: ReturnedInvoice,
): Totals {
  return creditTotals(lines, credited?.groups ?? [], invoice.currency, adjustments, invoice);
}

function refuseMoreThan(left: number, wanted: number, path: string, basis: ReturnedInvoice): void {
  if (wanted > left) throw exceeds(basis, { path, message: `must be at most ${left}` });
}

function exceeds({ invoice }: ReturnedInvoice, issue: FieldIssue): DomainError {
  return new DomainError(
    'credit_exceeds_invoice',
    `More would be credited than is left of ${invoice.number}. Credit less.`,
    { issues: [issue] },
  );
}

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}
