import { html, joined, page } from '../payment/page.ts';
import { type SatisfactionKind, scores } from './satisfaction.ts';
import { satisfactionWords } from './satisfaction-words.ts';

type Shown = {
  readonly language: 'en' | 'de';
  readonly kind: SatisfactionKind;
  /** The score clicked in the mail, or given before. */
  readonly score?: number | undefined;
  /** Whether it is an answer by now. */
  readonly given: boolean;
  readonly comment?: string | undefined;
};

/** Asks, or thanks and lets the customer change its mind. A form without scripts: only its buttons record anything. */
export function satisfactionPage({ language, kind, score, given, comment = '' }: Shown): string {
  const text = satisfactionWords[language];
  const label = text.labels[(score ?? 0) - 1];
  const said = given && label !== undefined ? text.said(label) : text.ask;
  const title = given ? text.thanks : text.title[kind];
  const buttons = scores.toReversed().map((each) => {
    const name = text.labels[each - 1] ?? '';
    return each === score
      ? html`<button class="primary" name="score" value="${String(each)}">${String(each)} · ${name}</button>`
      : html`<button name="score" value="${String(each)}">${String(each)} · ${name}</button>`;
  });
  return page({
    language,
    title,
    body: html`<main>
<h1>${title}</h1>
<p role="status">${said}</p>
<form method="post">
<label for="comment">${text.comment}</label>
<textarea id="comment" name="comment" rows="3" maxlength="1000">${comment}</textarea>
${joined(buttons)}
</form>
</main>`,
  });
}
