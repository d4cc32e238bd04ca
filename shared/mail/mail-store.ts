import type { CustomerId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import { keys } from '../table/keys.ts';
import { ConditionFailed, type Table } from '../table/table.ts';
import { MailLog } from './mail-log.ts';

/** Which mail: its id, and the customer it is for unless it is for the company itself. */
type MailRef = { mailId: string; customerId?: CustomerId | undefined };

/** A mail that was or is being sent. */
export async function loadMail(table: Table, mail: MailRef): Promise<MailLog | undefined> {
  const item = await table.get(keyOf(mail), { consistent: true });
  if (!item) return undefined;
  const { PK: _pk, SK: _sk, ...log } = item;
  return MailLog.parse(log);
}

/** Notes on a mail that it came back. Without effect where there is no such mail. */
export async function markBounced(
  table: Table,
  mail: MailRef,
  bounced: NonNullable<MailLog['bounced']>,
): Promise<void> {
  try {
    await table.write({
      do: 'update',
      key: keyOf(mail),
      set: { bounced },
      when: [{ attribute: 'PK', is: 'present' }],
    });
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

/** The claims of {@link sendOnce}. */
export interface MailClaims {
  /** Puts the record of a mail that is about to be sent, where there is none. @returns what there was otherwise */
  claim(mail: Extract<MailLog, { status: 'sending' }>): Promise<'claimed' | MailLog['status']>;
  /** Takes the claim of a mail back that was not sent. */
  release(mail: MailRef): Promise<void>;
  markSent(mail: MailRef, sent: { sentAt: Instant; sesMessageId: string }): Promise<void>;
}

/** Claims as items beside the customer's account: its communications list is made of them. */
export function mailClaims(table: Table): MailClaims {
  return {
    async claim(mail) {
      try {
        await table.write({
          do: 'put',
          item: { ...keyOf(mail), ...mail },
          when: [{ attribute: 'PK', is: 'absent' }],
        });
        return 'claimed';
      } catch (error) {
        if (!(error instanceof ConditionFailed)) throw error;
        return error.found?.['status'] === 'sent' ? 'sent' : 'sending';
      }
    },
    async release(mail) {
      await table.write({
        do: 'delete',
        key: keyOf(mail),
        when: [{ attribute: 'status', is: 'equal', value: 'sending' }],
      });
    },
    async markSent(mail, { sentAt, sesMessageId }) {
      await table.write({ do: 'update', key: keyOf(mail), set: { status: 'sent', sentAt, sesMessageId } });
    },
  };
}

function keyOf({ mailId, customerId }: MailRef) {
  return keys.mail(customerId ?? 'finance', mailId);
}
