import { createHash } from 'node:crypto';
import type { Company } from '../company/company.ts';
import { payableOn } from '../invoice/instalments.ts';
import type { OpenItem } from '../invoice/invoice.ts';
import { startDebit } from '../invoice/open-item.ts';
import { addDays } from '../kernel/calendar.ts';
import { DomainError } from '../kernel/errors.ts';
import type { CustomerId, DirectDebitId } from '../kernel/ids.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import type { DebitPolicy } from './debit-policy.ts';
import { AchItem, DirectDebit, SepaItem, sumOf } from './direct-debit.ts';
import type { Mandate } from './mandate.ts';

/** Each invoice of a run is two writes of one transaction of a hundred, and its customer two more. */
export const MAX_ITEMS = 24;

export type DebitRequest = { format: DirectDebit['format']; collectOn: CalendarDate };
export type DebitItem = SepaItem | AchItem;

/** A direct debit run with what else its transaction changes. */
export type DebitDraft = {
  readonly run: DirectDebit;
  readonly items: readonly DebitItem[];
  readonly openItems: readonly OpenItem[];
  /** The mandates used, as they are after it. */
  readonly mandates: readonly Mandate[];
};

export type DebitContext = {
  request: DebitRequest;
  directDebitId: DirectDebitId;
  company: Company;
  policy: DebitPolicy;
  /** Active ones; where a customer has several of the format, the one signed last is used. */
  mandates: readonly Mandate[];
  names: ReadonlyMap<CustomerId, string>;
  openItems: readonly OpenItem[];
  today: CalendarDate;
  at: Instant;
  by: string;
};

/** The currency each kind of run collects in. */
export const currencyOf = { sepa: 'EUR', nacha: 'USD' } as const satisfies Record<
  DirectDebit['format'],
  string
>;

/** A run as it was made, whatever became of it. */
export function asCreated<F extends { run: DirectDebit }>(file: F): F {
  const { cancelledAt: _cancelled, ...run } = file.run;
  return { ...file, run: { ...run, status: 'open' } };
}

/** A customer's mandate for runs of `format`: the one signed last. */
export function mandatesFor(
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
 * A run over the invoices that may be collected: open, due by the day, their customer with a mandate, in no other run,
 * {@link MAX_ITEMS} at most. Of an invoice in instalments it takes those due by then; a discount that still lasts on the
 * day is taken off.
 * @throws DomainError `direct_debit_not_configured`, `collect_date_too_soon`, `nothing_to_collect`
 */
export function draftDirectDebit(context: DebitContext): DebitDraft {
  const { request, directDebitId, policy, today } = context;
  const { format, collectOn } = request;
  const mandates = mandatesFor(context.mandates, format);
  const taken = new Map<CustomerId, Mandate>();
  const items: DebitItem[] = [];
  const openItems: OpenItem[] = [];
  for (const item of context.openItems) {
    const mandate = taken.get(item.customerId) ?? mandates.get(item.customerId);
    const id = endToEndId(directDebitId, items.length + 1);
    const claimed = startDebit(item, { directDebitId, collectOn, endToEndId: id });
    const isDue = item.currency === currencyOf[format] && item.dueOn <= collectOn;
    if (!mandate || !claimed || !isDue || items.length === MAX_ITEMS) continue;
    openItems.push(claimed);
    const name = mandate.holder ?? context.names.get(item.customerId) ?? item.customerId;
    items.push(itemOf(item, mandate, name, { collectOn, id }));
    // One that follows in the same run recurs.
    taken.set(item.customerId, { ...mandate, sequence: 'RCUR', lastUsedOn: collectOn });
  }
  const run = runOf(context, items);
  if (items.length === 0) {
    throw new DomainError('nothing_to_collect', `Nothing is due by ${collectOn} that could be debited.`);
  }
  const lead = Math.max(policy.noticeDays, ...items.map(({ scheme }) => policy.leadDays[scheme]));
  const earliest = addDays(today, lead);
  if (collectOn < earliest) {
    throw new DomainError(
      'collect_date_too_soon',
      `The first day these can be collected on is ${earliest}.`,
      {
        issues: [{ path: 'collectOn', message: `must be ${earliest} or later` }],
      },
    );
  }
  return {
    run,
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

function runOf(
  { request, directDebitId, company, policy, at, by }: DebitContext,
  items: readonly DebitItem[],
): DirectDebit {
  const { creditorId, ach } = company.directDebit ?? {};
  const common = {
    directDebitId,
    status: 'open',
    collectOn: request.collectOn,
    currency: currencyOf[request.format],
    count: Math.max(items.length, 1),
    total: Math.max(sumOf(items), 1),
    createdAt: at,
    createdBy: by,
    version: 1,
  };
  const { legalName: name, bic } = company;
  if (request.format === 'sepa' && creditorId !== undefined) {
    const creditor = { name, iban: company.iban.replace(/\s/g, ''), bic, creditorId };
    return DirectDebit.parse({ ...common, format: 'sepa', message: policy.message, creditor });
  }
  if (request.format === 'nacha' && ach) {
    return DirectDebit.parse({ ...common, format: 'nacha', originator: { ...ach, name } });
  }
  throw new DomainError(
    'direct_debit_not_configured',
    `The company has nothing under directDebit to collect by ${request.format}.`,
  );
}

/**
 * What the bank's statement brings back of a debit: `D` and 14 digits to base 32 of a hash of run and ordinal, as an ACH
 * entry has no room for more.
 */
function endToEndId(directDebitId: DirectDebitId, ordinal: number): string {
  const hash = BigInt(`0x${createHash('sha256').update(`${directDebitId}#${ordinal}`).digest('hex')}`);
  return `D${hash.toString(32).toUpperCase().padStart(14, '0').slice(-14)}`;
}
