import type { CustomerId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import {
  ATTEMPTS_KEPT,
  type Attempt,
  attemptsOfRequest,
  type Channel,
  type Delivery,
  type DocumentId,
} from './delivery.ts';

/** A document is tried so often by itself: the function's first attempt and Lambda's two retries. */
const MAX_TRIES = 3;

/** What came of handing a document over. */
export type Handover =
  | { outcome: 'sent' | 'delivered'; messageId: string }
  | { outcome: 'refused' | 'failed' | 'uncertain'; detail: string; messageId?: string };

/** What is told later of a document that was sent by mail. */
export type Feedback = {
  outcome: 'delivered' | 'bounced';
  messageId: string;
  at: Instant;
  detail?: string;
};

/** A document whose delivery has not begun. */
export function newDelivery(
  document: { documentId: DocumentId; number: string; customerId: CustomerId },
  channel: Channel,
  at: Instant,
): Delivery {
  const { documentId, number, customerId } = document;
  return {
    documentId,
    number,
    customerId,
    request: 1,
    channel,
    attempts: [],
    status: 'pending',
    since: at,
    version: 0,
  };
}

/**
 * The delivery once somebody asked for the document again, by whatever channel. Whatever was under way is superseded:
 * what still comes of it is noted and changes nothing.
 */
export function requestAgain(found: Delivery, channel: Channel, at: Instant): Delivery {
  const { request, version } = found;
  return {
    ...commonOf(found),
    request: request + 1,
    channel,
    status: 'pending',
    since: at,
    version: version + 1,
  };
}

/** Whether request `request` has nothing left to do: it was sent, or another one took its place. */
export function isDone(found: Delivery, request: number): boolean {
  if (found.request !== request) return true;
  return attemptsOfRequest(found).some(({ outcome }) => outcome === 'sent' || outcome === 'delivered');
}

/**
 * The delivery after an attempt at `request`. What may go better next time stays `pending` until it was tried three
 * times; what will never be taken is `failed` at once.
 * @returns undefined when nothing changes: that request was recorded as sent before
 */
export function recordHandover(
  found: Delivery,
  request: number,
  handover: Handover,
  at: Instant,
): Delivery | undefined {
  if (found.request === request && isDone(found, request)) return undefined;
  const noted = note(found, { request, at, ...handover });
  if (found.request !== request) return noted;
  switch (handover.outcome) {
    case 'sent':
      return { ...commonOf(noted), status: 'sent', sentAt: at };
    case 'delivered':
      return { ...commonOf(noted), status: 'delivered', deliveredAt: at };
    case 'refused':
      return { ...commonOf(noted), status: 'failed', failedAt: at, reason: handover.detail };
    case 'failed':
    case 'uncertain':
      return noted.status === 'pending' && attemptsOfRequest(noted).length < MAX_TRIES
        ? noted
        : { ...commonOf(noted), status: 'failed', failedAt: at, reason: handover.detail };
    default:
      return handover satisfies never;
  }
}

/** The message is none that is on record: it may be soon, for the mail service can be faster than the table. */
export class UnknownMessage extends Error {
  constructor(documentId: DocumentId, messageId: string) {
    super(`${documentId} has no delivery with message ${messageId} yet`);
    this.name = 'UnknownMessage';
  }
}

/**
 * The delivery after what the mail service told of a message. Events come in any order and more than once: one that
 * came back stays so, and what is told of a message that was since sent again changes nothing. The bus tells whole seconds,
 * cut off: what is told of a message did not happen before it was sent.
 * @returns undefined when nothing changes
 * @throws UnknownMessage
 */
export function recordFeedback(found: Delivery, feedback: Feedback): Delivery | undefined {
  const { messageId, outcome, detail } = feedback;
  const sent = found.attempts.find((attempt) => attempt.messageId === messageId);
  if (!sent) throw new UnknownMessage(found.documentId, messageId);
  if (sent.request !== found.request) return undefined;
  const at = feedback.at < sent.at ? sent.at : feedback.at;
  const isOpen = found.status === 'sent' || (found.status === 'delivered' && outcome === 'bounced');
  if (!isOpen) return undefined;
  const noted = note(found, { request: sent.request, at, outcome, messageId, ...(detail && { detail }) });
  switch (outcome) {
    case 'delivered':
      return { ...commonOf(noted), status: 'delivered', deliveredAt: at };
    case 'bounced':
      return { ...commonOf(noted), status: 'bounced', bouncedAt: at, reason: detail ?? 'came back' };
    default:
      return outcome satisfies never;
  }
}

function note<D extends Delivery>(found: D, attempt: Omit<Attempt, 'by'>): D {
  const { detail } = attempt;
  const kept = { ...attempt, by: found.channel.by, ...(detail && { detail: detail.slice(0, 500) }) };
  return { ...found, attempts: [...found.attempts, kept].slice(-ATTEMPTS_KEPT), version: found.version + 1 };
}

/** What a delivery is in every state. */
function commonOf({ documentId, number, customerId, request, channel, attempts, version }: Delivery) {
  return { documentId, number, customerId, request, channel, attempts, version };
}
