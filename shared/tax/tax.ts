import * as z from 'zod';
import { DomainError } from '../kernel/errors.ts';
import { Minor, percentOf, RatePercent } from '../kernel/money.ts';
import { CalendarDate } from '../kernel/time.ts';

/**
 * VAT categories by their UNCL 5305 codes, as EN 16931 uses them: S standard or reduced rate, Z zero rated,
 * E exempt, AE reverse charge, K intra-community supply, G export outside the union, O outside the scope of VAT.
 */
export const TaxCategory = z.enum(['S', 'Z', 'E', 'AE', 'K', 'G', 'O']);
export type TaxCategory = z.infer<typeof TaxCategory>;

/** What a product is for the tax law. Outside the scope of VAT is exempt with the code VATEX-EU-O. */
export const TaxClass = z.enum(['standard', 'reduced', 'zero', 'exempt']);
export type TaxClass = z.infer<typeof TaxClass>;

/** Why nothing is charged: a code of the list VATEX that EN 16931 refers to, and the reason in words. */
export const Exemption = z.strictObject({
  code: z.string().regex(/^VATEX-[A-Z0-9-]+$/, 'must be a VATEX code such as VATEX-EU-132'),
  reason: z.string().min(1).max(200).optional(),
});
export type Exemption = z.infer<typeof Exemption>;

/** A part of a combined rate, as sales tax of the United States is made of. */
const Jurisdiction = z.strictObject({ name: z.string().min(1).max(60), rate: RatePercent });

export const TaxTreatment = z.strictObject({
  category: TaxCategory,
  rate: RatePercent,
  exemption: Exemption.optional(),
  /** What `rate` is the sum of, where several jurisdictions tax the sale. */
  jurisdictions: z.array(Jurisdiction).optional(),
});
export type TaxTreatment = z.infer<typeof TaxTreatment>;

/** Sum of all that is taxed alike; tax is rounded once here (EN 16931 BR-CO-17). Minor units. */
export const TaxGroup = z.strictObject({ ...TaxTreatment.shape, net: Minor, tax: Minor });
export type TaxGroup = z.infer<typeof TaxGroup>;

/** Minor units; `gross` = `net` + `tax`, `tax` = sum of the groups' tax. */
export const Totals = z.strictObject({ net: Minor, tax: Minor, gross: Minor, groups: z.array(TaxGroup) });
export type Totals = z.infer<typeof Totals>;

const Period = { from: CalendarDate, to: CalendarDate.optional() };

/** Tax rates and union membership, each with the days it holds (`to` is the last day). */
export const TaxPolicy = z.strictObject({
  rates: z
    .array(
      z.strictObject({ country: z.string().length(2), taxClass: TaxClass, rate: RatePercent, ...Period }),
    )
    .min(1),
  union: z.array(z.strictObject({ country: z.string().length(2), ...Period })),
});
export type TaxPolicy = z.infer<typeof TaxPolicy>;

type Party = { country: string; vatId?: string | undefined };

/** Who buys: `taxExemption` is why this customer is charged no tax at home, a diplomatic mission for instance. */
type TaxedBuyer = Party & { taxExemption?: Exemption | undefined };

/** What is sold, as far as the tax law cares: a product, or a charge of the class. Goods unless it is a service. */
export type Taxable = {
  readonly taxClass: TaxClass;
  readonly supply?: 'service' | undefined;
  /** Why it is exempt; goes with the class of that name. */
  readonly exemption?: Exemption | undefined;
};

/** Not subject to VAT at all: what is sold under this code is outside its scope. */
const OUTSIDE_SCOPE = 'VATEX-EU-O';

/**
 * How a sale from `seller` to `buyer` on `date` is taxed: outside the scope of VAT (O) or exempt (E) where the product
 * is; at home, and to private buyers of the union, with the seller's own rate, unless the buyer is exempt (E); to a
 * buyer with a VAT id elsewhere in the union without tax, goods as category K (Directive 2006/112/EC art. 138) and
 * services with the charge reversed (AE, art. 196); out of the union without tax (G, art. 146).
 * @throws DomainError `policy_invalid` when the policy has no rate for the seller's country, class and day, or the
 *   product does not say why it is exempt
 */
export function taxTreatment(
  seller: Party,
  buyer: TaxedBuyer,
  sold: Taxable,
  policy: TaxPolicy,
  date: CalendarDate,
): TaxTreatment {
  const { taxClass, supply } = sold;
  if (taxClass === 'exempt') return exempt(sold.exemption);
  const inUnion = (country: string) =>
    policy.union.some((member) => member.country === country && holds(member, date));
  if (buyer.country !== seller.country) {
    const withinUnion = inUnion(seller.country) && inUnion(buyer.country);
    if (!withinUnion) return untaxed('G', 'VATEX-EU-G');
    if (buyer.vatId) {
      return supply === 'service' ? untaxed('AE', 'VATEX-EU-AE') : untaxed('K', 'VATEX-EU-IC');
    }
  }
  if (taxClass !== 'zero' && buyer.taxExemption) {
    return { category: 'E', rate: '0', exemption: buyer.taxExemption };
  }
  const rate = policy.rates.find(
    (candidate) =>
      candidate.country === seller.country && candidate.taxClass === taxClass && holds(candidate, date),
  )?.rate;
  if (rate === undefined) {
    throw new DomainError(
      'policy_invalid',
      `The tax policy has no ${taxClass} rate for ${seller.country} on ${date}. Put one in force, or check the date.`,
    );
  }
  return { category: taxClass === 'zero' ? 'Z' : 'S', rate };
}

function untaxed(category: 'K' | 'G' | 'AE', code: string): TaxTreatment {
  return { category, rate: '0', exemption: { code } };
}

function exempt(exemption: Exemption | undefined): TaxTreatment {
  if (!exemption) {
    throw new DomainError(
      'policy_invalid',
      'A product is exempt from tax and does not say why. Give it an exemption.',
    );
  }
  return { category: exemption.code === OUTSIDE_SCOPE ? 'O' : 'E', rate: '0', exemption };
}

/** Two amounts with the same key are taxed alike and belong to one group. */
export function treatmentKey({ category, rate, exemption, jurisdictions }: TaxTreatment): string {
  const parts = jurisdictions?.map(({ name, rate: part }) => `${name} ${part}`) ?? [];
  return [category, rate, exemption?.code ?? '', ...parts].join('|');
}

/** Whether two amounts are taxed alike. */
export function sameTreatment(one: TaxTreatment, other: TaxTreatment): boolean {
  return treatmentKey(one) === treatmentKey(other);
}

/** What tax groups come to together. */
export function totalsOfGroups(groups: readonly TaxGroup[]): Totals {
  const net = groups.reduce((sum, group) => sum + group.net, 0);
  const tax = groups.reduce((sum, group) => sum + group.tax, 0);
  return { net, tax, gross: net + tax, groups: [...groups] };
}

/** What net and tax of several parts come to together. Minor units. */
export function grossOf(parts: readonly { readonly net: number; readonly tax: number }[]): number {
  return parts.reduce((sum, { net, tax }) => sum + net + tax, 0);
}

/** The sums of lines with their tax, one group per category and rate. `net` in minor units. */
export function totalsOf(lines: readonly { net: number; tax: TaxTreatment }[], currency: string): Totals {
  const nets = new Map<string, { treatment: TaxTreatment; net: number }>();
  for (const { net, tax } of lines) {
    const key = treatmentKey(tax);
    const group = nets.get(key);
    if (group) group.net += net;
    else nets.set(key, { treatment: tax, net });
  }
  const groups = [...nets.values()].map(({ treatment, net }) => ({
    ...treatment,
    net,
    tax: percentOf(net, treatment.rate, currency),
  }));
  return totalsOfGroups(groups);
}

function holds(period: { from: CalendarDate; to?: CalendarDate | undefined }, date: CalendarDate): boolean {
  return period.from <= date && (period.to === undefined || date <= period.to);
}
