import { createHash } from 'node:crypto';
import type { CreditNote, Invoice, InvoiceLine } from '../invoice/invoice.ts';
import { withoutCost } from '../invoice/invoice-api.ts';
import { DomainError } from '../kernel/errors.ts';
import type { CustomerId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import type { Attachment } from '../mail/mime.ts';
import type { WrittenMail } from '../mail/post-office.ts';
import { MailUncertain } from '../mail/send-once.ts';
import type { MailContent } from '../mail/templates/layout/compose.ts';
import { webhookSignature } from '../payment/signature.ts';
import type { AccessPoint } from './access-point.ts';
import type { Handover } from './change-delivery.ts';
import type { Channel, DeliveryIn } from './delivery.ts';
import type { XmlFormat } from './preference.ts';
import { AddressRefused, type PostWebhook } from './webhook-client.ts';

/** A document as it was issued, with its lines. */
export type IssuedDocument = { document: Invoice | CreditNote; lines: readonly InvoiceLine[] };

/** What a document looks like on each way. Nothing is rendered that the way does not need. */
export type Rendering = {
  pdf: () => Promise<Attachment>;
  xml: (format: XmlFormat) => Promise<Attachment>;
  mail: () => MailContent;
};

/** What carries documents. */
export type Carriers = {
  /** Sends a mail once; gives the id the mail service knows it by. */
  mail: (mail: WrittenMail, at: Instant) => Promise<string>;
  webhook: PostWebhook;
  /** The secret that signs a customer's webhooks. */
  webhookSecret: (customerId: CustomerId, version: number) => Promise<string>;
  accessPoint: AccessPoint;
  /** The clock on the wall: receivers compare a signature's time with theirs. */
  now: () => Instant;
};

/** One request to send a document: its channel, its number, and when it was made. */
export type Sending = {
  channel: Channel;
  request: number;
  at: Instant;
};

/**
 * Hands a document to the carrier of its channel. Each request is one message, however often this runs: a mail is
 * claimed before it is sent, a webhook and a Peppol message bear an id by which their receiver knows them again.
 * @returns what came of it; nothing is thrown, for whatever failed has to be told on the delivery
 */
export async function handOver(
  file: IssuedDocument,
  sending: Sending,
  rendering: Rendering,
  carriers: Carriers,
): Promise<Handover & { error?: unknown }> {
  const { channel } = sending;
  try {
    switch (channel.by) {
      case 'mail':
        return await byMail(file, sending, channel, rendering, carriers);
      case 'webhook':
        return await byWebhook(file, sending, channel, rendering, carriers);
      case 'peppol':
        return await byPeppol(file, sending, channel, rendering, carriers);
      default:
        return channel satisfies never;
    }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    if (error instanceof MailUncertain) return { outcome: 'uncertain', detail, error };
    // What has no form on this way has none the next time either.
    const hasNoForm = error instanceof DomainError && error.code === 'e_invoice_not_possible';
    if (hasNoForm || error instanceof AddressRefused) return { outcome: 'refused', detail, error };
    return { outcome: 'failed', detail, error };
  }
}

type By<B extends Channel['by']> = Extract<Channel, { by: B }>;

async function byMail(
  { document }: IssuedDocument,
  { request, at }: Sending,
  { to, xml }: By<'mail'>,
  rendering: Rendering,
  carriers: Carriers,
): Promise<Handover> {
  const id = documentIdOf(document);
  const attachments = xml === 'factur-x' ? [await rendering.xml(xml)] : [await rendering.pdf()];
  if (xml !== undefined && xml !== 'factur-x') attachments.push(await rendering.xml(xml));
  const messageId = await carriers.mail(
    {
      mailId: mailIdOf(document, request),
      customerId: document.customerId,
      kind: document.kind === 'invoice' ? 'invoice.issued' : 'credit_note.issued',
      to: [to],
      content: rendering.mail(),
      attachments,
      documentId: id,
    },
    at,
  );
  return { outcome: 'sent', messageId };
}

/** The first mail bears the id that its being issued was always mailed under; later ones are mails of their own. */
function mailIdOf(document: Invoice | CreditNote, request: number): string {
  const id = documentIdOf(document);
  if (request > 1) return `${id}.delivery-${request}`;
  return document.kind === 'invoice' ? id : `${id}.000001`;
}

async function byWebhook(
  file: IssuedDocument,
  { request }: Sending,
  { url, format, secretVersion }: By<'webhook'>,
  rendering: Rendering,
  carriers: Carriers,
): Promise<Handover> {
  const { document } = file;
  const { contentType, content } = format === 'json' ? jsonOf(file) : await rendering.xml(format);
  const body = Buffer.from(content);
  const secret = await carriers.webhookSecret(document.customerId, secretVersion);
  const messageId = `${documentIdOf(document)}.${request}`;
  const status = await carriers.webhook({
    url,
    body,
    headers: {
      'content-type': contentType,
      'user-agent': 'order-to-cash',
      'o2c-delivery-id': messageId,
      'o2c-document': `${document.kind}/${document.number}`,
      'o2c-signature': webhookSignature(secret, carriers.now(), body),
    },
  });
  if (status >= 200 && status < 300) return { outcome: 'delivered', messageId };
  const detail = `the webhook answered with status ${status}`;
  return { outcome: mayGoBetter(status) ? 'failed' : 'refused', detail };
}

/** A time-out, "too early", "too many" and what went wrong at the receiver's; all else will be answered the same again. */
function mayGoBetter(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || status === 429;
}

async function byPeppol(
  { document }: IssuedDocument,
  { request }: Sending,
  { to }: By<'peppol'>,
  rendering: Rendering,
  { accessPoint }: Carriers,
): Promise<Handover> {
  const { content } = await rendering.xml('ubl');
  const receipt = await accessPoint.send({
    messageId: messageIdOf(`${documentIdOf(document)}.${request}`),
    receiver: to,
    kind: document.kind,
    number: document.number,
    content,
  });
  switch (receipt.status) {
    case 'sent':
    case 'delivered':
      return { outcome: receipt.status, messageId: receipt.messageId };
    case 'refused':
      return { outcome: 'refused', detail: receipt.reason };
    default:
      return receipt satisfies never;
  }
}

/** A UUID that is the same for the same text (RFC 9562, version 8). */
function messageIdOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The document as the API tells it. */
function jsonOf({ document, lines }: IssuedDocument): Pick<Attachment, 'contentType' | 'content'> {
  return {
    contentType: 'application/json',
    content: JSON.stringify({ ...document, lines: lines.map(withoutCost) }),
  };
}

/** The id an invoice or a credit note is stored under. */
function documentIdOf(document: Invoice | CreditNote): DeliveryIn<'sent'>['documentId'] {
  return document.kind === 'invoice' ? document.invoiceId : document.creditNoteId;
}
