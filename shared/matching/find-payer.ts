import type { CandidateSource, MatchLine, Payer } from './candidate-source.ts';
import { compact } from './compact.ts';
import type { MatchingPolicy } from './matching-policy.ts';
import { nameKeys, nameTokens } from './name-tokens.ts';
import { nameLikeness } from './payer-name.ts';

/** Who a line's money is from, as far as the line tells. `score` is 0 to 100. */
export type FoundPayer =
  | {
      readonly by: 'account' | 'alias' | 'name';
      readonly payer: Payer;
      readonly score: number;
      readonly reason: string;
    }
  | { readonly by: 'nobody'; readonly reason: string };

/** The payer by account, else by learned alias, else by name. A tie is nobody. */
export async function findPayer(
  { counterparty }: MatchLine,
  source: CandidateSource,
  policy: MatchingPolicy,
): Promise<FoundPayer> {
  for (const account of [counterparty?.iban, counterparty?.account]) {
    if (account === undefined || compact(account) === '') continue;
    const [payer, ...others] = await source.payersByAccount(compact(account));
    if (others.length > 0) return { by: 'nobody', reason: 'several customers pay from this account' };
    if (payer) return { by: 'account', payer, score: 100, reason: `account is known as ${payer.name}'s` };
  }
  const name = counterparty?.name ?? '';
  if (nameTokens(name).length === 0) return { by: 'nobody', reason: 'the line names no payer' };
  const candidates = await source.payersByNameKeys(nameKeys(name));
  const known = byName(name, candidates, policy);
  // A tie among those that owe is a tie still, whoever else bears the name.
  if (known.by !== 'nobody' || candidates.some((payer) => isLike(name, payer, policy))) return known;
  const named = await source.payersNamed(name);
  return named.length === 0 ? known : byName(name, named, policy);
}

function isLike(name: string, { name: own, aliases }: Payer, { nameScore }: MatchingPolicy): boolean {
  const tokens = nameTokens(name);
  return [own, ...aliases].some((other) => nameLikeness(tokens, nameTokens(other)) >= nameScore);
}

function byName(name: string, payers: readonly Payer[], policy: MatchingPolicy): FoundPayer {
  const tokens = nameTokens(name);
  const likeness = (other: string) => nameLikeness(tokens, nameTokens(other));
  const ranked = payers
    .map((payer) => ({
      payer,
      name: likeness(payer.name),
      alias: Math.max(0, ...payer.aliases.map(likeness)),
    }))
    .map((rated) => ({ ...rated, score: Math.max(rated.name, rated.alias) }))
    .sort((one, other) => other.score - one.score);
  const [best, second] = ranked;
  if (!best || best.score < policy.nameScore)
    return { by: 'nobody', reason: `no customer is called "${name}"` };
  if (second && best.score - second.score < policy.nameMargin)
    return { by: 'nobody', reason: `"${name}" may be ${best.payer.name} or ${second.payer.name}` };
  const by = best.alias > best.name && best.alias === 100 ? 'alias' : 'name';
  const reason = `payer's name is like ${best.payer.name}'s (${best.score} of 100)`;
  return { by, payer: best.payer, score: best.score, reason };
}
