import type { MailContent, MailSummary } from './mailbox.ts';

const style = `
  :root { color-scheme: light dark; --line: #8884; --soft: #8881; }
  body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1.5rem; max-width: 64rem; }
  h1 { font-size: 1.3rem; margin: 0 0 1rem; }
  table { border-collapse: collapse; width: 100%; }
  th { text-align: left; font-weight: 600; }
  th, td { padding: .4rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
  tr:hover td { background: var(--soft); }
  td.when { white-space: nowrap; font-variant-numeric: tabular-nums; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: 0 0 1rem; }
  dt { opacity: .7; } dd { margin: 0; }
  iframe { width: 100%; height: 70vh; border: 1px solid var(--line); background: #fff; }
  pre { white-space: pre-wrap; border: 1px solid var(--line); padding: 1rem; }
  ul.files { padding: 0; list-style: none; display: flex; gap: .6rem; flex-wrap: wrap; }
  ul.files a { border: 1px solid var(--line); border-radius: .3rem; padding: .2rem .6rem; text-decoration: none; }
  .muted { opacity: .7; }`;

/** All mail, newest first. */
export function mailListPage(mails: MailSummary[], total: number): string {
  const rows = mails.map(
    (
      mail,
    ) => `<tr><td class="when">${when(mail.receivedAt)}</td><td>${escape(mail.recipients.join(', '))}</td>
      <td><a href="/_local/mailbox/${escape(mail.id)}">${escape(mail.subject || '(no subject)')}</a></td>
      <td>${mail.attachments > 0 ? `${mail.attachments} 📎` : ''}</td></tr>`,
  );
  const table = `<table><thead><tr><th>Sent (UTC)</th><th>To</th><th>Subject</th><th></th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
  const shown = mails.length < total ? `<p class="muted">The newest ${mails.length} of ${total}.</p>` : '';
  return page(
    'Mailbox',
    `<h1>Mailbox</h1>${total === 0 ? '<p class="muted">No mail yet.</p>' : table}${shown}`,
  );
}

/** One mail. Its HTML is shown in a frame that may run nothing and load nothing but itself. */
export function mailPage(mail: MailSummary, content: MailContent): string {
  const base = `/_local/mailbox/${escape(mail.id)}`;
  const files = content.attachments.map(
    (each, at) =>
      `<li><a href="${base}/attachments/${at}" download="${escape(each.name)}">${escape(each.name)} <span class="muted">${size(each.content.length)}</span></a></li>`,
  );
  const body =
    content.html === undefined
      ? `<pre>${escape(content.text)}</pre>`
      : `<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" title="Message" srcdoc="${escape(`<base target="_blank">${content.html}`)}"></iframe>
         <details><summary>Plain text</summary><pre>${escape(content.text)}</pre></details>`;
  return page(
    content.subject,
    `<p><a href="/_local/mailbox">← Mailbox</a></p><h1>${escape(content.subject || '(no subject)')}</h1>
    <dl><dt>From</dt><dd>${escape(content.from)}</dd><dt>To</dt><dd>${escape(mail.recipients.join(', '))}</dd>
    <dt>Sent</dt><dd>${when(mail.receivedAt)} UTC</dd><dt>Source</dt><dd><a href="${base}/raw" download="${escape(mail.id)}.eml">.eml</a> ${size(mail.bytes)}</dd></dl>
    ${files.length > 0 ? `<ul class="files">${files.join('')}</ul>` : ''}${body}`,
  );
}

/** What a page of the mailbox may load: nothing from elsewhere. Frames inherit it. */
export const mailboxPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data: cid:; frame-src 'self'; form-action 'none'; base-uri *";

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title><style>${style}</style></head><body>${body}</body></html>`;
}

function when(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 19).replace('T', ' ');
}

function size(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(bytes < 10_240 ? 1 : 0)} KB`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
