import { createHash } from 'node:crypto';
import type { Company } from '../company/company.ts';
import { payableOn } from '../invoice/instalments.ts';
import type { OpenItem } from '../invoice/invoice.ts';
import { startDebit } from '../invoice/open-item.ts';
import { DomainError } from '../kernel/errors.ts';
import type { CustomerId, DirectDebitId } from '../kernel/ids.ts';
import { Currency } from '../kernel/money.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import type { CalendarPolicy } from '../terms/calendar-policy.ts';
import { collectionDay, earliestCollection } from './collection-day.ts';
import type { DebitPolicy } from './debit-policy.ts';
import { AchItem, type DebitItem, type DirectDebit, SepaItem, withItems } from './direct-debit.ts';
import { afterDebit, type Mandate } from './mandate.ts';

/** Places in the run's partition, which has five digits for them. */
const MAX_ITEMS = 99_999;
/** A batch of an ACH file has twelve digits for its sum. Minor units. */
const MAX_TOTAL = 999_999_999_999;

export type DebitRequest = { format: DirectDebit['format']; collectOn: CalendarDate };

/** What one transaction adds to a run. */
export type DebitDraft = {
  /** The run with it. */
  readonly run: DirectDebit;
  readonly items: readonly DebitItem[];
  readonly openItems: readonly OpenItem[];
  /** The mandates used, as they are after it. */
  readonly mandates: readonly Mandate[];
};

export type DebitContext = {
  /** As far as it is filled: empty at first. */
  run: DirectDebit;
  /** Active ones; where a customer has several of the format, the one signed last is used. */
  mandates: readonly Mandate[];
  names: ReadonlyMap<CustomerId, string>;
  openItems: readonly OpenItem[];
};

/** The currency each kind of run collects in. */
const currencyOf = { sepa: 'EUR', nacha: 'USD' } as const satisfies Record<DirectDebit['format'], string>;

/** A customer's mandate for runs of `format`: the one signed last. */
function mandatesFor(
  mandates: readonly Mandate[],
  format: DirectDebit['format'],
): ReadonlyMap<CustomerId, Mandate> {
  const ofFormat = mandates.filter((mandate) => mandate.format === format && mandate.status === 'active');
  return new Map(
    ofFormat
      .toSorted((one, other) => one.signedOn.localeCompare(other.signedOn))
      .map((mandate) => [mandate.customerId, mandate]),
  );
}

/**
 * What of `openItems` may be added to the run: open, due by the day, their customer with a mandate, in no other run. Of an
 * invoice in instalments it takes those due by then; a discount that still lasts on the day is taken off. The first debit
 * under a mandate is `FRST`; each that follows, in this run or later, recurs. A one-off mandate has none that follows.
 * @returns undefined when nothing is left of it, or the run is full
 */
export function draftChunk(context: DebitContext): DebitDraft | undefined {
  const { run } = context;
  const { directDebitId, format, collectOn } = run;
  const mandates = mandatesFor(context.mandates, format);
  const taken = new Map<CustomerId, Mandate>();
  const items: DebitItem[] = [];
  const openItems: OpenItem[] = [];
  let { total } = run;
  for (const item of context.openItems) {
    const mandate = taken.get(item.customerId) ?? mandates.get(item.customerId);
    const ordinal = run.count + items.length + 1;
    const id = endToEndId(directDebitId, ordinal);
    const claimed = startDebit(item, { directDebitId, collectOn, endToEndId: id });
    const isDue = item.currency === run.currency && item.dueOn <= collectOn;
    // A one-off mandate is used up by the debit before.
    if (mandate?.status !== 'active' || !claimed || !isDue) continue;
    const name = mandate.holder ?? context.names.get(item.customerId) ?? item.customerId;
    const debit = itemOf(item, mandate, name, { collectOn, id });
    if (ordinal > MAX_ITEMS || total + debit.amount > MAX_TOTAL) continue;
    total += debit.amount;
    openItems.push(claimed);
    items.push(debit);
    taken.set(item.customerId, afterDebit(mandate, collectOn));
  }
  if (items.length === 0) return undefined;
  const count = run.count + items.length;
  const batches = withItems(run.batches, items, run.count);
  return {
    run: { ...run, count, total, batches, version: run.version + 1 },
    items,
    openItems,
    mandates: [...taken.values()].map((mandate) => ({ ...mandate, version: mandate.version + 1 })),
  };
}

function itemOf(
  item: OpenItem,
  mandate: Mandate,
  name: string,
  { collectOn, id }: { collectOn: CalendarDate; id: string },
): DebitItem {
  const { customerId, mandateId, signedOn } = mandate;
  const common = {
    endToEndId: id,
    invoiceId: item.invoiceId,
    number: item.number,
    customerId,
    amount: payableOn(item, collectOn).amount,
    mandateId,
    signedOn,
    name,
    remittance: item.number,
  };
  switch (mandate.format) {
    case 'sepa': {
      const { scheme, sequence, iban, bic } = mandate;
      return SepaItem.parse({ ...common, scheme, sequence, iban, ...(bic !== undefined && { bic }) });
    }
    case 'nacha': {
      const { scheme, routingNumber, account, accountKind } = mandate;
      return AchItem.parse({ ...common, scheme, routingNumber, account, accountKind });
    }
    default:
      return mandate satisfies never;
  }
}

/** What a run is made from. */
export type NewRun = {
  request: DebitRequest;
  directDebitId: DirectDebitId;
  company: Company;
  policy: DebitPolicy;
  calendar: CalendarPolicy;
  today: CalendarDate;
  at: Instant;
  by: string;
};

/**
 * A run with nothing in it yet. A day on which the payment system settles nothing is moved to the next on which it does.
 * @throws DomainError `direct_debit_not_configured`, `collect_date_too_soon`
 */
export function newRun({
  request: { format, collectOn },
  directDebitId,
  company,
  policy,
  calendar,
  today,
  at,
  by,
}: NewRun): DirectDebit {
  const { creditorId, ach } = company.directDebit ?? {};
  const common = {
    directDebitId,
    status: 'collecting' as const,
    collectOn: collectionDay(calendar, format, collectOn),
    currency: Currency.parse(currencyOf[format]),
    count: 0,
    total: 0,
    batches: [],
    createdAt: at,
    createdBy: by,
    version: 0,
  };
  const earliest = earliestCollection(calendar, policy, { format, today, at });
  const { legalName: name, bic } = company;
  const run = (): DirectDebit | undefined => {
    if (format === 'sepa' && creditorId !== undefined) {
      const creditor = { name, iban: company.iban.replace(/\s/g, ''), bic, creditorId };
      const { message, batchBooking } = policy;
      return { ...common, format: 'sepa', message, batchBooking, creditor };
    }
    return format === 'nacha' && ach
      ? { ...common, format: 'nacha', originator: { ...ach, name } }
      : undefined;
  };
  const made = run();
  if (!made) {
    throw new DomainError(
      'direct_debit_not_configured',
      `The company has nothing under directDebit to collect by ${format}.`,
    );
  }
  if (made.collectOn < earliest) {
    throw new DomainError(
      'collect_date_too_soon',
      `The first day these can be collected on is ${earliest}.`,
      {
        issues: [{ path: 'collectOn', message: `must be ${earliest} or later` }],
      },
    );
  }
  return made;
}

/**
 * What the bank's statement brings back of a debit: `D` and 14 digits to base 32 of a hash of run and ordinal, as an ACH
 * entry has no room for more.
 */
function endToEndId(directDebitId: DirectDebitId, ordinal: number): string {
  const hash = BigInt(`0x${createHash('sha256').update(`${directDebitId}#${ordinal}`).digest('hex')}`);
  return `D${hash.toString(32).toUpperCase().padStart(14, '0').slice(-14)}`;
}
