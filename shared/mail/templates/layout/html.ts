import type { Bar, Block, Cell, Column, Figure } from './blocks.ts';
import { escapeHtml, safeHref } from './escape.ts';

export type Page = {
  language: string;
  subject: string;
  /** What inboxes show beside the subject. */
  preheader: string;
  brand: string;
  title: string;
  blocks: readonly Block[];
  /** Lines at the foot: who writes. */
  footer: readonly string[];
  /** Points; reports are wider than letters. */
  width: number;
};

const FONT = `-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif`;

/** Colours of a light client; `dark` in the style sheet turns them for those that can. */
const colour = {
  text: '#1c2733',
  muted: '#5b6875',
  accent: '#17456b',
  rule: '#dfe5ea',
  page: '#eef2f5',
  paper: '#ffffff',
  bar: '#7fa8c9',
  warn: '#d98a6a',
  track: '#eef2f5',
} as const;

// Classes only for dark mode and small screens: what a client drops, the inline styles still say.
const styleSheet = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.page{background:#11171d!important}.paper{background:#1a222b!important}
.text{color:#e6ebf0!important}.muted{color:#9fadba!important}.accent{color:#8fc1e8!important}
.rule{border-color:#2f3b47!important}.track{background:#26313c!important}
.button,.button a{background:#2f7ab8!important;color:#ffffff!important}}
@media (max-width:600px){.pad{padding-left:18px!important;padding-right:18px!important}.figure{display:block!important;width:auto!important}
.bar{display:none!important}.name{white-space:normal!important}.value{width:auto!important}}`.replace(
  /\n/g,
  '',
);

/**
 * A mail as HTML for every client in use: tables for layout, styles inline, no images, no scripts, nothing loaded
 * from anywhere.
 */
export function renderHtml(page: Page): string {
  const body = page.blocks.map(renderBlock).join('\n');
  const footer = page.footer.map(escapeHtml).join('<br>');
  return `<!doctype html>
<html lang="${escapeHtml(page.language)}" xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">
<title>${escapeHtml(page.subject)}</title>
<style>${styleSheet}</style>
</head>
<body class="page" style="margin:0;padding:0;background:${colour.page}">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${escapeHtml(page.preheader)}${'&#8199;&#847; '.repeat(40)}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:${colour.page}"><tr><td align="center" style="padding:24px 10px">
<!--[if mso]><table role="presentation" width="${page.width}" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:${page.width}px;margin:0 auto">
<tr><td class="accent" style="padding:4px 6px 14px;font:bold 17px/24px ${FONT};color:${colour.accent}">${escapeHtml(page.brand)}</td></tr>
<tr><td class="paper pad" style="background:${colour.paper};border-radius:8px;padding:30px 34px 26px">
<h1 class="text" style="margin:0 0 16px;font:bold 21px/28px ${FONT};color:${colour.text}">${escapeHtml(page.title)}</h1>
${body}
</td></tr>
<tr><td class="muted" style="padding:18px 6px 8px;font:12px/18px ${FONT};color:${colour.muted}">${footer}</td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr></table>
</body>
</html>
`;
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p class="text" style="margin:0 0 14px;font:15px/23px ${FONT};color:${colour.text}">${keepAmounts(escapeHtml(block.text))}</p>`;
    case 'note':
      return `<p class="muted" style="margin:14px 0 0;font:13px/20px ${FONT};color:${colour.muted}">${escapeHtml(block.text)}</p>`;
    case 'heading':
      return `<h2 class="accent" style="margin:26px 0 8px;font:bold 15px/22px ${FONT};color:${colour.accent}">${escapeHtml(block.text)}</h2>`;
    case 'facts':
      return renderFacts(block.rows);
    case 'table':
      return renderTable(block.columns, block.rows, block.footer);
    case 'button':
      return renderButton(block.label, block.href);
    case 'bars':
      return renderBars(block.columns, block.rows);
    case 'figures':
      return renderFigures(block.figures);
    default:
      return block satisfies never;
  }
}

/** No line ends between a currency and its amount. */
function keepAmounts(html: string): string {
  return html.replace(/\b([A-Z]{3}) (?=\d)/g, '$1&nbsp;');
}

const openTable = (margin: string) =>
  `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;margin:${margin}">`;

function renderFacts(rows: readonly (readonly [string, string])[]): string {
  const body = rows.map(
    ([name, value]) =>
      `<tr><td class="muted name" valign="top" style="padding:3px 18px 3px 0;font:14px/21px ${FONT};color:${colour.muted};white-space:nowrap">${escapeHtml(name)}</td>` +
      `<td class="text value" valign="top" width="100%" style="padding:3px 0;font:14px/21px ${FONT};color:${colour.text};word-break:break-word">${escapeHtml(value)}</td></tr>`,
  );
  return `${openTable('4px 0 16px')}${body.join('')}</table>`;
}

function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  footer?: readonly Cell[],
): string {
  const line = (cells: readonly Cell[], style: string, tag: 'td' | 'th', className: string) => {
    const rendered = cells.map((cell, index) => {
      const right = columns[index]?.align === 'right';
      const padding = index === cells.length - 1 ? '7px 0 7px' : '7px 14px 7px 0';
      return `<${tag} class="${className} rule" valign="top" align="${right ? 'right' : 'left'}" style="padding:${padding};${style}${right ? ';white-space:nowrap' : ';word-break:break-word'}">${renderCell(cell)}</${tag}>`;
    });
    return `<tr>${rendered.join('')}</tr>`;
  };
  const head = line(
    columns.map(({ label }) => label),
    `font:bold 12px/18px ${FONT};color:${colour.muted};border-bottom:1px solid ${colour.rule}`,
    'th',
    'muted',
  );
  const body = rows.map((cells) =>
    line(
      cells,
      `font:14px/20px ${FONT};color:${colour.text};border-bottom:1px solid ${colour.rule}`,
      'td',
      'text',
    ),
  );
  const foot = footer ? line(footer, `font:bold 14px/20px ${FONT};color:${colour.text}`, 'td', 'text') : '';
  return `<table width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;margin:4px 0 16px">${head}${body.join('')}${foot}</table>`;
}

function renderCell(cell: Cell): string {
  if (typeof cell === 'string') return escapeHtml(cell);
  return `<a class="accent" href="${safeHref(cell.href)}" style="color:${colour.accent}">${escapeHtml(cell.text)}</a>`;
}

// Outlook for Windows ignores padding on links; the wide spaces between its comments give the button its size there.
function renderButton(label: string, href: string): string {
  const space = '<!--[if mso]><i style="mso-font-width:200%;mso-text-raise:18pt">&emsp;</i><![endif]-->';
  return (
    `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:6px 0 20px"><tr>` +
    `<td class="button" bgcolor="${colour.accent}" style="background:${colour.accent};border-radius:6px">` +
    `<a href="${safeHref(href)}" style="display:inline-block;padding:13px 28px;font:bold 15px/20px ${FONT};color:#ffffff;text-decoration:none;border-radius:6px">` +
    `${space}<span style="mso-text-raise:9pt">${escapeHtml(label)}</span>${space.replace(';mso-text-raise:18pt', '')}</a></td></tr></table>`
  );
}

function renderBars([name, detail, value]: readonly [string, string, string], rows: readonly Bar[]): string {
  const cell = `padding:5px 14px 5px 0;font:14px/20px ${FONT}`;
  const head = `font:bold 12px/18px ${FONT};color:${colour.muted};padding:5px 14px 5px 0`;
  const header =
    `<tr><th class="muted" align="left" style="${head}">${escapeHtml(name)}</th><th class="bar"></th>` +
    `<th class="muted" align="right" style="${head}">${escapeHtml(detail)}</th>` +
    `<th class="muted" align="right" style="${head};padding-right:0">${escapeHtml(value)}</th></tr>`;
  const body = rows.map(
    (bar) =>
      `<tr><td class="text" style="${cell};color:${colour.text};white-space:nowrap">${escapeHtml(bar.label)}</td>` +
      `<td class="bar" width="45%" style="padding:5px 14px 5px 0">${renderBar(bar)}</td>` +
      `<td class="muted" align="right" style="${cell};color:${colour.muted};white-space:nowrap">${escapeHtml(bar.detail)}</td>` +
      `<td class="text" align="right" style="${cell};padding-right:0;color:${colour.text};white-space:nowrap">${escapeHtml(bar.value)}</td></tr>`,
  );
  return `<table width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;margin:4px 0 16px">${header}${body.join('')}</table>`;
}

function renderBar({ share, warn }: Bar): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * 100);
  const part = (width: number, background: string, className: string) =>
    width === 0
      ? ''
      : `<td${className} width="${width}%" bgcolor="${background}" style="background:${background};height:12px;font-size:1px;line-height:12px">&nbsp;</td>`;
  return (
    `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>` +
    `${part(filled, warn ? colour.warn : colour.bar, '')}${part(100 - filled, colour.track, ' class="track"')}</tr></table>`
  );
}

/** Two side by side: four would not fit amounts of ten digits. */
function renderFigures(figures: readonly Figure[]): string {
  const cell = ({ label, value, detail }: Figure) =>
    `<td class="figure" width="50%" valign="top" style="padding:0 12px 14px 0">` +
    `<div class="muted" style="font:13px/19px ${FONT};color:${colour.muted}">${escapeHtml(label)}</div>` +
    `<div class="text" style="font:bold 20px/28px ${FONT};color:${colour.text}">${escapeHtml(value)}</div>` +
    `<div class="muted" style="font:13px/19px ${FONT};color:${colour.muted}">${escapeHtml(detail)}</div></td>`;
  const rows: string[] = [];
  for (let index = 0; index < figures.length; index += 2) {
    rows.push(
      `<tr>${figures
        .slice(index, index + 2)
        .map(cell)
        .join('')}</tr>`,
    );
  }
  return `${openTable('4px 0 4px')}${rows.join('')}</table>`;
}
