import PostalMime, { type Email } from 'postal-mime';
import { MailRefused, type MailSender, type RawMail } from '#shared/mail/ses-client.ts';

/** A mail service that keeps what it is given. */
export class Mailbox implements MailSender {
  readonly sent: RawMail[] = [];
  /** What the service does instead of taking a mail, as long as it is set. */
  failure: Error | undefined;

  async send(raw: RawMail): Promise<string> {
    if (this.failure) throw this.failure;
    this.sent.push(raw);
    return `ses-${this.sent.length}`;
  }

  /** From now on mails are surely not taken. */
  refuse(reason: string): void {
    this.failure = new MailRefused(new Error(reason));
  }

  /** The mails as their readers see them, oldest first. */
  read(): Promise<Email[]> {
    return Promise.all(this.sent.map(({ raw }) => PostalMime.parse(raw)));
  }
}
