import { companyFromEnv } from '#shared/company/company.ts';
import { type Feedback, recordFeedback, UnknownMessage } from '#shared/delivery/change-delivery.ts';
import { DocumentId, isUndelivered } from '#shared/delivery/delivery.ts';
import { changeDelivery } from '#shared/delivery/delivery-store.ts';
import { readSesEvent } from '#shared/delivery/ses-feedback.ts';
import { logLine } from '#shared/http/log-line.ts';
import { markBounced } from '#shared/mail/mail-store.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const { timeZone } = companyFromEnv();

/** SES may tell of a mail before the function that sent it has written that down: 3.5 s are waited for it. */
const PAUSES_MILLISECONDS = [500, 1_000, 2_000];

/** Notes what SES tells of a mail: on the mail, and on the delivery of the document that it brought. */
export async function handler(event: unknown): Promise<{ outcome: string }> {
  const told = readSesEvent(event);
  if (!told) return { outcome: 'not ours' };
  const { names, messageId, at, outcome } = told;
  logLine(outcome === 'bounced' ? 'WARN' : 'INFO', 'mail feedback', {
    mailId: names.mailId,
    messageId,
    outcome,
  });
  if (told.outcome === 'bounced') await markBounced(table, names, { at, reason: told.detail });
  const documentId = DocumentId.safeParse(names.documentId);
  if (told.outcome === 'noted' || !documentId.success) return { outcome };
  return { outcome: await noteDelivery(documentId.data, told) };
}

async function noteDelivery(documentId: DocumentId, feedback: Feedback): Promise<string> {
  const { at, messageId, outcome } = feedback;
  for (const pause of [...PAUSES_MILLISECONDS, undefined]) {
    try {
      const delivery = await changeDelivery(
        table,
        documentId,
        (found) => {
          if (!found) throw new UnknownMessage(documentId, messageId);
          return recordFeedback(found, feedback);
        },
        { actor: 'mail-feedback', at, timeZone },
      );
      if (delivery && isUndelivered(delivery) && outcome === 'bounced') {
        logLine('WARN', 'document undelivered', { documentId, status: delivery.status });
      }
      return delivery?.status ?? 'unknown';
    } catch (error) {
      if (!(error instanceof UnknownMessage) || pause === undefined) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  throw new UnknownMessage(documentId, messageId);
}
