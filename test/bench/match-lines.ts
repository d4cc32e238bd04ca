import { addDays } from '#shared/kernel/calendar.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import type { MatchLine, OpenCandidate, Payer } from '#shared/matching/candidate-source.ts';
import {
  chatter,
  glued,
  introduce,
  mistyped,
  noisyName,
  silentText,
  spaced,
  truncated,
} from './match-noise.ts';
import { Oracle } from './match-oracle.ts';
import { between, EUR, pick, type Random, type World } from './match-world.ts';

/** Each kind of line: how often it comes in a hundred, and when a careful person could match it. */
export const kinds = {
  structured: { share: 12, matchable: 'always: creditor reference whole' },
  number: { share: 12, matchable: 'always: invoice number whole, other words and numbers around it' },
  spaced: { share: 7, matchable: 'always: number whole, blanks and signs moved, O for 0' },
  glued: { share: 6, matchable: 'always: number whole amid letters of other words' },
  truncated: {
    share: 8,
    matchable: 'one open item (of the payer, where told) has this part and this amount',
  },
  mistyped: {
    share: 4,
    matchable: 'one open item (of the payer, where told) is one digit off and of this amount',
  },
  several: { share: 8, matchable: 'always: 2 to 6 numbers whole, the sum exact' },
  severalSilent: {
    share: 2,
    matchable: 'account known, one group of up to three of its open items has this sum',
  },
  fee: { share: 6, matchable: 'always: number whole, short by a fee of 1.00 to 25.00, at most 4 %' },
  discount: { share: 6, matchable: 'number whole, or account known and one group of up to three fits' },
  silentAccount: { share: 5, matchable: 'account known, one group of up to three fits' },
  silentName: {
    share: 4,
    matchable: 'name nearer to the payer than to any other, one group of up to three fits',
  },
  part: { share: 2, matchable: 'number whole, and payer told' },
  over: { share: 1, matchable: 'number whole, and payer told' },
  thirdParty: { share: 1, matchable: 'always: number whole, amount exact, paid from an unknown account' },
  duplicate: { share: 3, matchable: 'never: what it would pay is paid' },
  onAccount: { share: 2, matchable: 'never: a known payer, an amount of its own choice' },
  debit: { share: 3, matchable: 'always: end-to-end id of the debit whole' },
  order: {
    share: 3,
    matchable: 'payer told, one open item alone of those that bill this order is of this amount',
  },
  paidAgain: { share: 2, matchable: 'never: number whole, of an invoice paid before the statement' },
  unknown: { share: 3, matchable: 'never: an unknown payer, no reference' },
} as const;
export type Kind = keyof typeof kinds;
const isKind = (name: string): name is Kind => Object.hasOwn(kinds, name);
export const kindNames: readonly Kind[] = Object.keys(kinds).filter(isKind);

export type KnownLine = {
  readonly kind: Kind;
  readonly line: MatchLine;
  readonly matchable: boolean;
  /** Money by invoice: what is right, and nothing else. */
  readonly truth: ReadonlyMap<string, number>;
  readonly duplicateOf?: number;
};

const day = CalendarDate.parse('2026-03-02');
const drawn = kindNames.flatMap((kind) => Array<Kind>(kinds[kind].share).fill(kind));

/** One statement of `count` lines, each with what is true of it. Each invoice is paid once at most. */
export function statementLines(world: World, count: number, random: Random): KnownLine[] {
  const left = new Map<string, number>();
  const oracle = new Oracle(world.items, world.payers, left);
  const payerOf = new Map<string, Payer>(world.payers.map((payer) => [payer.customerId, payer]));
  const lines: KnownLine[] = [];
  for (let line = 1; line <= count; line++) {
    const bookedOn = addDays(day, Math.floor((line / count) * 5));
    const context = { world, oracle, left, payerOf, random, lines, line, bookedOn };
    const made = makeLine(pick(drawn, random), context);
    for (const invoiceId of made.truth.keys()) left.set(invoiceId, made.leaves?.get(invoiceId) ?? 0);
    lines.push(made);
  }
  return lines;
}

type Context = {
  readonly world: World;
  readonly oracle: Oracle;
  readonly left: ReadonlyMap<string, number>;
  readonly payerOf: ReadonlyMap<string, Payer>;
  readonly random: Random;
  readonly lines: readonly KnownLine[];
  readonly line: number;
  readonly bookedOn: CalendarDate;
};
/** `leaves`: what is owed still where not all was paid. */
type Made = KnownLine & { readonly leaves?: ReadonlyMap<string, number> };

function makeLine(kind: Kind, context: Context): Made {
  const { random, lines } = context;
  if (kind === 'unknown') return unknownLine(context);
  if (kind === 'duplicate') {
    const whole = lines.filter(({ kind }) => ['structured', 'number', 'spaced', 'several'].includes(kind));
    return whole.length === 0 ? unknownLine(context) : duplicateLine(pick(whole, random), context);
  }
  if (kind === 'onAccount') return onAccountLine(context);
  if (kind === 'paidAgain') return paidAgainLine(context);
  return payingLine(kind, context);
}

function unknownLine({ random, line, bookedOn }: Context): Made {
  const name = pick(['Erika Mustermann', 'Stadtkasse', 'J. Doe', 'Amtsgericht', 'Privat'], random);
  const counterparty = { name, iban: `FR76${between(10 ** 9, 10 ** 10, random)}` };
  const text = `${silentText(random)}${chatter(random)}`;
  const amount = between(500, 900_000, random);
  const entry = { line, bookedOn, amount, currency: EUR, text, counterparty };
  return { kind: 'unknown', line: entry, matchable: false, truth: new Map() };
}

/** Half of the banks' repeats are the same to the letter; others were typed anew. */
function duplicateLine({ line: first }: KnownLine, { random, line, bookedOn }: Context): Made {
  const text = random() < 0.5 ? first.text : `2nd ${first.text} `;
  const entry = { ...first, line, bookedOn, text };
  return { kind: 'duplicate', line: entry, matchable: false, truth: new Map(), duplicateOf: first.line };
}

function onAccountLine({ world, random, line, bookedOn }: Context): Made {
  const payer = pick(world.payers, random);
  const amount = random() < 0.5 ? between(1, 60, random) * 10_000 : between(500, 900_000, random);
  const counterparty = { name: payer.name, iban: pick(payer.accounts, random) };
  const entry = { line, bookedOn, amount, currency: EUR, text: silentText(random), counterparty };
  return { kind: 'onAccount', line: entry, matchable: false, truth: new Map() };
}

/** Names an invoice that is settled since long, paid by who paid it or by who can not be known. */
function paidAgainLine({ world, payerOf, random, line, bookedOn }: Context): Made {
  const item = pick(world.paid, random);
  const payer = payerOf.get(item.customerId);
  const iban = random() < 0.6 ? payer?.accounts[0] : undefined;
  const text = introduce(item.number, random);
  const counterparty = { name: payer?.name, ...(iban !== undefined && { iban }) };
  const entry = { line, bookedOn, amount: item.total, currency: EUR, text, counterparty };
  return { kind: 'paidAgain', line: entry, matchable: false, truth: new Map() };
}

/** One that no line of the statement paid yet, and that can be paid so. */
function unpaid(kind: Kind, { world, left, random }: Context): OpenCandidate {
  for (;;) {
    const item = pick(world.items, random);
    if (kind === 'debit' && item.endToEndId === undefined) continue;
    if (kind === 'order' && item.poNumbers === undefined) continue;
    if (!left.has(item.invoiceId)) return item;
  }
}

const silentKinds: readonly Kind[] = ['severalSilent', 'silentAccount', 'silentName'];

function payingLine(kind: Kind, context: Context): Made {
  const { oracle, left, payerOf, random, line, bookedOn } = context;
  const item = unpaid(kind, context);
  const payer = payerOf.get(item.customerId);
  if (!payer) throw new RangeError('each item has a payer');
  const others = oracle.openOf(item.customerId).filter((one) => one !== item && !left.has(one.invoiceId));
  const most = kind === 'several' ? 5 : kind === 'severalSilent' ? 2 : 0;
  const items = [item, ...others.slice(0, most === 0 ? 0 : between(1, most, random))];
  const inTime = (one: OpenCandidate) => one.discount && bookedOn <= one.discount.until;
  const off = kind === 'discount' && inTime(item) ? (item.discount?.amount ?? 0) : 0;
  const owed = items.reduce((sum, { balance }) => sum + balance, 0) - off;
  const fee = kind === 'fee' ? Math.min(between(100, 2_500, random), Math.floor(owed * 0.04)) : 0;
  const part = kind === 'part' ? Math.floor(owed * (0.3 + 0.4 * random())) : 0;
  const extra = kind === 'over' ? between(100, 20_000, random) : 0;
  const amount = (part || owed - fee) + extra;

  const silent = silentKinds.includes(kind) || (kind === 'discount' && random() < 0.4);
  const fragment = kind === 'truncated' ? truncated(item.number, random) : mistyped(item.number, random);
  const [order = ''] = item.poNumbers ?? [];
  const texts: Partial<Record<Kind, () => string>> = {
    structured: () => (random() < 0.5 ? '' : (item.creditorReference ?? '').replaceAll(/(.{4})/g, '$1 ')),
    spaced: () => introduce(spaced(item.number, random), random),
    glued: () => introduce(glued(item.number, random), random),
    truncated: () => introduce(fragment, random),
    mistyped: () => introduce(fragment, random),
    debit: () => (random() < 0.5 ? 'SEPA' : `EREF+${item.endToEndId} SVWZ+${silentText(random)}`),
    order: () => `${pick(['PO', 'Order', 'Bestellung', ''], random)} ${order}`,
    several: () =>
      introduce(items.map(({ number }) => number).join(pick([', ', ' ', ' + ', '/'], random)), random),
  };
  const text = silent ? silentText(random) : (texts[kind]?.() ?? introduce(item.number, random));
  const { counterparty, told } = payerTold(kind, payer, oracle, random);
  const entry: MatchLine = {
    line,
    bookedOn,
    amount,
    currency: EUR,
    text,
    ...(kind === 'structured' && text === '' && { creditorReference: item.creditorReference }),
    ...(kind === 'debit' && text === 'SEPA' && { endToEndId: item.endToEndId }),
    ...(counterparty && { counterparty }),
  };
  const who = told ? item.customerId : undefined;
  const matchable = (): boolean => {
    if (silent) return told && oracle.isOnlySum(amount, bookedOn, item.customerId);
    if (kind === 'truncated' || kind === 'mistyped')
      return oracle.isOnlyWithPart(fragment, kind === 'mistyped' ? 1 : 0, amount, bookedOn, who);
    if (kind === 'order') return told && oracle.isOnlyOfOrder(order, amount, bookedOn, item.customerId);
    return kind === 'part' || kind === 'over' ? told : true;
  };
  const truth = new Map<string, number>(items.map((one) => [one.invoiceId, one.balance]));
  truth.set(item.invoiceId, part || item.balance - off - fee);
  const leaves = part ? new Map([[item.invoiceId as string, item.balance - part]]) : undefined;
  return { kind, line: entry, matchable: matchable(), truth, ...(leaves && { leaves }) };
}

/** By what the line tells who pays: three in four by a known account, most of the others by a name as banks write it. */
function payerTold(kind: Kind, payer: Payer, oracle: Oracle, random: Random) {
  if (kind === 'thirdParty') {
    const iban = `GB29NWBK${between(10 ** 13, 9 * 10 ** 13, random)}`;
    return { counterparty: { name: 'Treasury Services', iban }, told: false };
  }
  const draw = random();
  const byAccount =
    kind === 'silentAccount' || kind === 'severalSilent' || (kind !== 'silentName' && draw < 0.75);
  if (byAccount)
    return {
      counterparty: { name: noisyName(payer.name, random), iban: pick(payer.accounts, random) },
      told: true,
    };
  if (kind !== 'silentName' && draw > 0.95) return { counterparty: undefined, told: false };
  const name = noisyName(payer.name, random);
  return { counterparty: { name }, told: oracle.isTelling(name, payer.customerId) };
}
