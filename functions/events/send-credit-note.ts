import * as z from 'zod';
import { loadSeller } from '#shared/company/seller-store.ts';
import { fontsFromEnv } from '#shared/document/fonts.ts';
import { renderInvoicePdf } from '#shared/document/invoice-pdf.ts';
import { parseFact } from '#shared/fact/fact.ts';
import { loadCreditNoteFile } from '#shared/invoice/invoice-store.ts';
import { mailClaims } from '#shared/mail/mail-store.ts';
import { officeFromEnv, post } from '#shared/mail/post-office.ts';
import { creditNoteIssuedMail } from '#shared/mail/templates/credit-note-issued.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const Event = z.object({ detail: z.unknown() });

const table = dynamoTable();
const fonts = fontsFromEnv();
const office = officeFromEnv(mailClaims(table));
const { company } = office;

/** Renders a credit note that was issued and mails it to the customer, once. */
export async function handler(event: unknown): Promise<{ sent: boolean }> {
  const { id, data, at } = parseFact(['credit_note.issued'], Event.parse(event).detail);
  const file = await loadCreditNoteFile(table, data.creditNoteId);
  if (!file) throw new Error(`${data.creditNoteId} is not to be found`);
  const { creditNote: document, lines } = file;
  const seller = await loadSeller(table, document.seller);
  const pdf = await renderInvoicePdf({ company: seller, document, lines, fonts });
  const sent = await post(
    office,
    {
      mailId: id,
      customerId: document.customerId,
      kind: 'credit_note.issued',
      to: [document.buyer.email],
      content: creditNoteIssuedMail({ company, creditNote: document }),
      attachments: [{ filename: `${document.number}.pdf`, contentType: 'application/pdf', content: pdf }],
    },
    at,
  );
  return { sent };
}
