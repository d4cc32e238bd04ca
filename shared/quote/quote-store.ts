import type { FactData, FactType } from '../fact/fact.ts';
import { recordFact } from '../fact/record-fact.ts';
import { type PageQuery, queryPage } from '../http/paging.ts';
import type { CustomerId, QuoteId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import { versionConflict } from '../table/commit.ts';
import { keys, owners, versionSlot } from '../table/keys.ts';
import type { Action, Item, Table } from '../table/table.ts';
import { Quote } from './quote.ts';

type QuoteFactType = FactType & `quote.${string}`;
type Told = { [T in QuoteFactType]: { type: T; data: FactData<T> } }[QuoteFactType];

export async function loadQuote(table: Table, quoteId: QuoteId): Promise<Quote | undefined> {
  const item = await table.get(keys.quote(quoteId), { consistent: true });
  return item && quoteOf(item);
}

/** A page of a customer's quotes, newest first. @throws DomainError `cursor_invalid` */
export async function listQuotes(table: Table, customerId: CustomerId, page: PageQuery) {
  const partition = owners.customer(customerId, 'quote');
  const { items, nextCursor } = await queryPage(
    table,
    { index: 'byOwner', partition, newestFirst: true },
    page,
  );
  const quotes = (await table.getMany(items)).map(quoteOf);
  return { quotes: quotes.sort((one, other) => other.quoteId.localeCompare(one.quoteId)), nextCursor };
}

/** The writes that put a quote in the place of `before`. @throws (on commit) DomainError `version_conflict` */
export function quoteActions(
  before: Quote | undefined,
  next: Quote,
  told: Told,
  { at, actor }: { at: Instant; actor: string },
): Action[] {
  const { quoteId, customerId, issuedAt, version } = next;
  return [
    {
      do: 'put',
      item: {
        ...keys.quote(quoteId),
        OPK: owners.customer(customerId, 'quote'),
        OSK: `${issuedAt}#${quoteId}`,
        ...next,
      },
      when: [
        before
          ? { attribute: 'version', is: 'equal', value: before.version }
          : { attribute: 'PK', is: 'absent' },
      ],
      refusal: versionConflict('quote'),
    },
    recordFact(told.type, quoteId, versionSlot(version), { at, actor, customerId, data: told.data }),
  ];
}

/** @throws ZodError when the item is no quote */
function quoteOf(item: Item): Quote {
  const { PK: _pk, SK: _sk, OPK: _opk, OSK: _osk, ...quote } = item;
  return Quote.parse(quote);
}
