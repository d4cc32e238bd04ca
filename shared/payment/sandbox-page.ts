import { formatMoney } from '../kernel/money.ts';
import { type Html, html, page } from './page.ts';
import type { SandboxSession } from './sandbox-session.ts';

const banner = html`<p class="note"><strong>Sandbox.</strong> A test page: no real money moves, whatever you choose.</p>`;

/** The hosted page where the payer chooses. Its form is sent to its own address. */
export function checkoutPage(session: SandboxSession): string {
  const amount = formatMoney(session.amount, session.currency);
  const discount =
    session.discount === undefined
      ? html``
      : html`<dt>Taken off for paying early</dt><dd>${formatMoney(session.discount, session.currency)}</dd>`;
  return sandboxPage(
    `Pay ${session.payee}`,
    html`<dl>
<dt>${session.invoices ? 'Invoices' : 'Invoice'}</dt><dd>${numbersOf(session)}, issued to ${session.customerName}</dd>
${discount}
<dt>Amount</dt><dd class="amount">${amount}</dd>
</dl>
<form method="post">
<button class="primary" name="action" value="pay">Pay ${amount}</button>
<button name="action" value="decline">Decline the payment</button>
</form>`,
  );
}

/** After a declined payment. */
export function declinedPage(session: SandboxSession): string {
  return sandboxPage(
    'Payment declined',
    html`<p role="status">Nothing was charged. ${session.invoices ? `Invoices ${numbersOf(session)} are` : `Invoice ${session.number} is`} still to be paid.</p>
<a class="button primary" href="${session.returnUrl}">Try again</a>`,
  );
}

/** The session is too old: what is owed may have changed since. */
export function expiredPage(session: SandboxSession): string {
  return sandboxPage(
    'This page has expired',
    html`<p role="status">Nothing was charged. Start again to pay what is owed on ${numbersOf(session)} now.</p>
<a class="button primary" href="${session.returnUrl}">Start again</a>`,
  );
}

/** The payee could not be told, so the sandbox takes no money. Paying again can't charge twice. */
export function undeliveredPage(session: SandboxSession): string {
  return sandboxPage(
    'The payment did not go through',
    html`<p role="alert">${session.payee} could not be reached, and nothing was charged. Please try again in a moment.</p>
<form method="post"><button class="primary" name="action" value="pay">Try again</button></form>`,
  );
}

/** The numbers of what is paid, with the part of each where there are several. */
function numbersOf({ number, invoices, currency }: SandboxSession): string {
  return (
    invoices?.map((share) => `${share.number} (${formatMoney(share.amount, currency)})`).join(', ') ?? number
  );
}

function sandboxPage(title: string, content: Html): string {
  return page({
    language: 'en',
    title: `${title} – sandbox`,
    body: html`<main>${banner}<h1>${title}</h1>${content}</main>`,
  });
}
