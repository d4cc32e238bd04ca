import * as z from 'zod';
import { fontsFromEnv } from '#shared/document/fonts.ts';
import { renderInvoicePdf } from '#shared/document/invoice-pdf.ts';
import { loadInvoiceFile } from '#shared/invoice/invoice-store.ts';
import { InvoiceId } from '#shared/kernel/ids.ts';
import { instant } from '#shared/kernel/time.ts';
import { mailClaims } from '#shared/mail/mail-store.ts';
import { officeFromEnv, post } from '#shared/mail/post-office.ts';
import { invoiceIssuedMail } from '#shared/mail/templates/invoice-issued.ts';
import { payLink } from '#shared/payment/pay-link.ts';
import { signingSecret } from '#shared/payment/signing-secret-client.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const Event = z.object({ invoiceId: InvoiceId, at: z.string() });

const table = dynamoTable();
const fonts = fontsFromEnv();
const office = officeFromEnv(mailClaims(table));
const { company } = office;
const publicUrl = process.env['PUBLIC_URL'] ?? '';
const readSecret = signingSecret(process.env['PAYMENT_SECRET_ID'] ?? '');

/** Task of `invoice-shipment`: renders an invoice and mails it with a way to pay it, once. */
export async function handler(event: unknown): Promise<{ sent: boolean }> {
  const { invoiceId, at } = Event.parse(event);
  const file = await loadInvoiceFile(table, invoiceId, { consistent: true });
  if (!file) throw new Error(`${invoiceId} is not to be found`);
  const { invoice, lines, openItem } = file;
  // What costs nothing, or was paid at the counter, needs no way to pay it.
  const payUrl = openItem.balance === 0 ? undefined : payLink(publicUrl, await readSecret(), invoiceId);
  const pdf = await renderInvoicePdf({ company, document: invoice, lines, payUrl, fonts });
  const sent = await post(
    office,
    {
      mailId: invoiceId,
      customerId: invoice.customerId,
      kind: 'invoice.issued',
      to: [invoice.buyer.email],
      content: invoiceIssuedMail({ company, invoice, payUrl }),
      attachments: [{ filename: `${invoice.number}.pdf`, contentType: 'application/pdf', content: pdf }],
    },
    instant(at),
  );
  return { sent };
}
