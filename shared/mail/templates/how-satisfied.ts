import type { Language } from '../../document/language.ts';
import { type SatisfactionKind, scores } from '../../satisfaction/satisfaction.ts';
import { satisfactionWords } from '../../satisfaction/satisfaction-words.ts';
import { type Block, heading, table } from './layout/blocks.ts';

/** Asks how satisfied the customer is: a link a score, the best first. */
export function howSatisfied(
  kind: SatisfactionKind,
  language: Language,
  urlOf: (score: number) => string,
): Block[] {
  const { title, ask, labels } = satisfactionWords[language];
  const rows = scores
    .toReversed()
    .map((score) => [{ text: `${score} · ${labels[score - 1] ?? ''}`, href: urlOf(score) }]);
  return [heading(title[kind]), table([{ label: ask }], rows)];
}
