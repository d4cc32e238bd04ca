import * as z from 'zod';
import { companyFromEnv } from '#shared/company/company.ts';
import { loadSeller } from '#shared/company/seller-store.ts';
import { loadCustomer } from '#shared/customer/customer-store.ts';
import { isDone, newDelivery, recordHandover } from '#shared/delivery/change-delivery.ts';
import { type Delivery, type DocumentId, isUndelivered } from '#shared/delivery/delivery.ts';
import { changeDelivery } from '#shared/delivery/delivery-store.ts';
import { type Carriers, handOver, type IssuedDocument, type Rendering } from '#shared/delivery/hand-over.ts';
import { firstChannel } from '#shared/delivery/plan-delivery.ts';
import { accessPointNamed } from '#shared/delivery/sandbox-access-point.ts';
import { webhookPoster } from '#shared/delivery/webhook-client.ts';
import { webhookSecretOf } from '#shared/delivery/webhook-secret.ts';
import { fontsFromEnv } from '#shared/document/fonts.ts';
import { renderFile } from '#shared/document/render-file.ts';
import { type Fact, parseFact } from '#shared/fact/fact.ts';
import { errorFields, logLine } from '#shared/http/log-line.ts';
import { loadCreditNoteFile, loadInvoiceFile } from '#shared/invoice/invoice-store.ts';
import { isPayable } from '#shared/invoice/payable.ts';
import { CreditNoteId, InvoiceId } from '#shared/kernel/ids.ts';
import { instant } from '#shared/kernel/time.ts';
import { loadMail, mailClaims } from '#shared/mail/mail-store.ts';
import { officeFromEnv, post } from '#shared/mail/post-office.ts';
import { creditNoteIssuedMail } from '#shared/mail/templates/credit-note-issued.ts';
import { invoiceIssuedMail } from '#shared/mail/templates/invoice-issued.ts';
import { payLink } from '#shared/payment/pay-link.ts';
import { signingSecret } from '#shared/payment/signing-secret-client.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const Event = z.object({ detail: z.unknown() });

const table = dynamoTable();
const fonts = fontsFromEnv();
const office = officeFromEnv(mailClaims(table));
const company = companyFromEnv();
const publicUrl = process.env['PUBLIC_URL'] ?? '';
const readSecret = signingSecret(process.env['PAYMENT_SECRET_ID'] ?? '');

const carriers: Carriers = {
  mail: async (mail, at) => {
    await post(office, mail, at);
    const sent = await loadMail(table, mail);
    if (sent?.status !== 'sent') throw new Error(`mail ${mail.mailId} is not on record as sent`);
    return sent.sesMessageId;
  },
  // Set by the run on one's own machine only.
  webhook: webhookPoster(process.env['WEBHOOKS_TO_PRIVATE_ADDRESSES'] === 'allowed'),
  webhookSecret: async (customerId, version) => webhookSecretOf(await readSecret(), customerId, version),
  accessPoint: accessPointNamed(process.env['ACCESS_POINT'] ?? 'sandbox'),
  now: () => instant(Date.now()),
};

type Cause = Fact<'invoice.issued' | 'credit_note.issued' | 'invoice.delivery_requested'>;

/**
 * Brings an invoice or credit note to its customer: upon issue, and again when somebody asks. Each request is one
 * message. What fails is tried again by Lambda's own retries, then it stands in the queue of undelivered documents.
 * @throws what may go better on another try, and MailUncertain, which a person has to look at
 */
export async function handler(event: unknown): Promise<{ status: string }> {
  const fact = parseFact(
    ['invoice.issued', 'credit_note.issued', 'invoice.delivery_requested'],
    Event.parse(event).detail,
  );
  const { documentId, request } = askedBy(fact);
  const file = await loadFile(documentId);
  const found = file.delivery;
  if (found && isDone(found, request)) return { status: found.status };
  const customer = await loadCustomer(table, file.document.customerId);
  if (!customer) throw new Error(`${file.document.customerId} is not to be found`);
  const started =
    found ??
    newDelivery({ ...file.document, documentId }, firstChannel(customer, file.document.buyer.email), fact.at);

  const sending = { channel: started.channel, request, at: fact.at };
  const { error, ...handover } = await handOver(file, sending, await renderingOf(file), carriers);
  const delivery = await changeDelivery(
    table,
    documentId,
    (latest) => recordHandover(latest ?? started, request, handover, fact.at),
    { actor: 'deliver-document', at: fact.at, timeZone: company.timeZone },
  );
  const status = delivery?.status ?? started.status;
  if (delivery && isUndelivered(delivery)) {
    logLine('WARN', 'document undelivered', {
      documentId,
      request,
      status,
      ...(error !== undefined && errorFields(error)),
    });
  }
  if (handover.outcome === 'uncertain' || status === 'pending') {
    throw error ?? new Error('detail' in handover ? handover.detail : `${documentId} is still ${status}`);
  }
  return { status };
}

function askedBy(fact: Cause): { documentId: DocumentId; request: number } {
  switch (fact.type) {
    case 'invoice.issued':
      return { documentId: fact.data.invoiceId, request: 1 };
    case 'credit_note.issued':
      return { documentId: fact.data.creditNoteId, request: 1 };
    case 'invoice.delivery_requested':
      return { documentId: fact.data.documentId, request: fact.data.request };
    default:
      return fact satisfies never;
  }
}

type File = IssuedDocument & { isPaid: boolean; delivery: Delivery | undefined };

/** @throws Error when the document can't be found: reads may lag behind the stream, so try again */
async function loadFile(documentId: DocumentId): Promise<File> {
  const invoiceId = InvoiceId.safeParse(documentId);
  if (invoiceId.success) {
    const file = await loadInvoiceFile(table, invoiceId.data, { consistent: true });
    if (file) return { ...file, document: file.invoice, isPaid: file.openItem.balance === 0 };
  } else {
    const file = await loadCreditNoteFile(table, CreditNoteId.parse(documentId));
    if (file) return { ...file, document: file.creditNote, isPaid: true };
  }
  throw new Error(`${documentId} is not to be found`);
}

/** Documents are drawn with the company as it was when they were issued; the mail is written by the one of today. */
async function renderingOf({ document, lines, isPaid }: File): Promise<Rendering> {
  const [seller, secret] = await Promise.all([loadSeller(table, document.seller), readSecret()]);
  const link =
    document.kind === 'invoice' && isPayable(document)
      ? payLink(publicUrl, secret, document.invoiceId)
      : undefined;
  // The mail is of today: what was paid meanwhile needs no way to pay it. The document is what it was.
  const payUrl = isPaid ? undefined : link;
  const wanted = { company: seller, document, lines, payUrl: link, fonts };
  return {
    pdf: () => renderFile(wanted, 'pdf'),
    xml: (format) => renderFile(wanted, format),
    mail: () =>
      document.kind === 'invoice'
        ? invoiceIssuedMail({ company, invoice: document, payUrl })
        : creditNoteIssuedMail({ company, creditNote: document }),
  };
}
