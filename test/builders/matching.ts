import { CustomerId, InvoiceId, PaymentId } from '#shared/kernel/ids.ts';
import { Currency } from '#shared/kernel/money.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import type {
  Advice,
  MatchLine,
  OpenCandidate,
  Payer,
  RecordedPayment,
} from '#shared/matching/candidate-source.ts';
import type { Match } from '#shared/matching/match.ts';
import { MatchingPolicy } from '#shared/matching/matching-policy.ts';
import { MemoryCandidates } from '#shared/matching/memory-candidates.ts';
import { StatementMatcher } from '#shared/matching/statement-matcher.ts';

const EUR = Currency.parse('EUR');
export const invoiceIdOf = (n: number) => InvoiceId.parse(`inv_${String(n).padStart(26, '0')}`);
export const paymentIdOf = (n: number) => PaymentId.parse(`pay_${String(n).padStart(26, '0')}`);

export const juniper: Payer = {
  customerId: CustomerId.parse('cus_juniper'),
  name: 'Juniper & Finch Ltd',
  aliases: ['J&F Retail Group'],
  accounts: ['GB29NWBK60161331926819'],
};
export const larkspur: Payer = {
  customerId: CustomerId.parse('cus_larkspur'),
  name: 'Larkspur Catering GmbH',
  aliases: [],
  accounts: ['DE89370400440532013000'],
};

/** Invoice INV-2026-00000n of Juniper over 100.37 euro, due in March, unless said otherwise. */
export function anItem(n: number, over: Partial<OpenCandidate> = {}): OpenCandidate {
  return {
    invoiceId: invoiceIdOf(n),
    number: `INV-2026-${String(n).padStart(6, '0')}`,
    customerId: juniper.customerId,
    currency: EUR,
    balance: 10_037,
    issuedOn: CalendarDate.parse('2026-02-01'),
    dueOn: CalendarDate.parse('2026-03-03'),
    ...over,
  };
}

/** A line of 2 March with 100.37 euro in, from nobody, unless said otherwise. */
export function aLine(over: Partial<MatchLine> = {}): MatchLine {
  return {
    line: 1,
    bookedOn: CalendarDate.parse('2026-03-02'),
    amount: 10_037,
    currency: EUR,
    text: '',
    ...over,
  };
}

export const fromJuniper = { iban: 'GB29 NWBK 6016 1331 9268 19' };
export const onDay = (date: string) => CalendarDate.parse(date);

/** The matches of `lines`, one after the other, by the shipped policy with `policy` over it. */
export async function matchesOf(
  lines: readonly MatchLine[],
  known: {
    items: readonly OpenCandidate[];
    payers?: readonly Payer[];
    payments?: readonly RecordedPayment[];
    advices?: readonly Advice[];
  },
  policy: Parameters<typeof MatchingPolicy.parse>[0] = {},
): Promise<Match[]> {
  const source = new MemoryCandidates({ payers: [juniper, larkspur], ...known });
  const matcher = new StatementMatcher(source, {
    version: 'shipped-1',
    policy: MatchingPolicy.parse(policy),
  });
  const matches: Match[] = [];
  for (const line of lines) matches.push(await matcher.match(line));
  return matches;
}

/** The match of one line. */
export async function matchOf(
  line: MatchLine,
  known: Parameters<typeof matchesOf>[1],
  policy: Parameters<typeof MatchingPolicy.parse>[0] = {},
): Promise<Match> {
  const [match] = await matchesOf([line], known, policy);
  if (!match) throw new RangeError('one line has one match');
  return match;
}
