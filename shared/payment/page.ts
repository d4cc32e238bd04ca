import { escapeHtml } from '../http/html.ts';

/** HTML that is safe as it stands. Only {@link html} makes it. */
export type Html = { readonly markup: string };

/** HTML in which every text put in is escaped; HTML put in stays as it is. */
export function html(parts: TemplateStringsArray, ...values: readonly (string | Html)[]): Html {
  const markup = parts.reduce((before, part, index) => {
    const value = values[index - 1] ?? '';
    return before + (typeof value === 'string' ? escapeHtml(value) : value.markup) + part;
  });
  return { markup };
}

/** Pieces of HTML, one after the other. */
export function joined(pieces: readonly Html[]): Html {
  return { markup: pieces.map(({ markup }) => markup).join('') };
}

/** A whole page that reads well on a phone, without scripts and without anything from elsewhere. */
export function page({
  language,
  title,
  body,
}: {
  language: 'en' | 'de';
  title: string;
  body: Html;
}): string {
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`.markup;
}

// Text and buttons keep a contrast of at least 4.5 : 1 in both schemes (WCAG 2.2, 1.4.3).
const style: Html = {
  markup: `
:root { color-scheme: light dark; --text: #1d2433; --soft: #566072; --line: #d5dae3; --card: #fff; --page: #f3f5f9; --accent: #14539a; --on-accent: #fff; --note: #fff3cd; --on-note: #5c4300; --warn: #a02020 }
@media (prefers-color-scheme: dark) {
  :root { --text: #e8ecf3; --soft: #a9b3c4; --line: #3a4356; --card: #1c2230; --page: #12161f; --accent: #8ab8f0; --on-accent: #0d1a2b; --note: #4a3b0a; --on-note: #ffe9a8; --warn: #ff9d94 }
}
* { box-sizing: border-box }
body { margin: 0; padding: 1rem; min-height: 100vh; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif }
main { max-width: 26rem; margin: 6vh auto; padding: 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; overflow-wrap: anywhere }
h1 { margin: 0 0 1rem; font-size: 1.375rem; line-height: 1.3 }
.note { margin: -1.5rem -1.5rem 1.5rem; padding: .75rem 1.5rem; border-radius: .75rem .75rem 0 0; background: var(--note); color: var(--on-note) }
dl { margin: 0 0 1.5rem }
dt { color: var(--soft); font-size: .875rem }
dd { margin: 0 0 .75rem }
dd.amount { font-size: clamp(1.25rem, 7vw, 1.75rem); font-weight: 600; font-variant-numeric: tabular-nums }
button, a.button { display: block; width: 100%; min-height: 3rem; margin-top: .75rem; padding: .625rem 1rem; border: 2px solid var(--accent); border-radius: .5rem; background: transparent; color: var(--accent); font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer }
button.primary, a.primary { background: var(--accent); color: var(--on-accent) }
textarea { display: block; width: 100%; margin: .25rem 0 .75rem; padding: .5rem; border: 1px solid var(--line); border-radius: .5rem; background: transparent; color: var(--text); font: inherit }
main.wide { max-width: 40rem; margin: 4vh auto }
h2 { margin: 1.5rem 0 .5rem; font-size: 1.125rem }
fieldset { min-width: 0; margin: 0; padding: 0; border: 0 }
legend { padding: 0; font-weight: 600 }
ul.choices { margin: .75rem 0; padding: 0; list-style: none }
ul.choices li { display: flex; gap: .75rem; padding: .75rem 0; border-top: 1px solid var(--line) }
ul.choices input { flex: none; width: 1.5rem; height: 1.5rem; margin: 0; accent-color: var(--accent) }
ul.choices div { flex: 1; min-width: 0 }
ul.choices label { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; font-weight: 600; cursor: pointer }
ul.choices p { margin: .125rem 0; color: var(--soft); font-size: .875rem }
ul.choices a { color: var(--accent); font-size: .875rem }
.sum { font-variant-numeric: tabular-nums }
.overdue { color: var(--warn) }
.fault { padding: .75rem 1rem; border-radius: .5rem; background: var(--note); color: var(--on-note) }
figure { margin: 1rem 0; text-align: center }
figcaption { color: var(--soft); font-size: .875rem }
svg.code { width: 12rem; max-width: 100%; border-radius: .5rem }
:focus-visible { outline: 3px solid var(--text); outline-offset: 2px }
`,
};
