import { mkdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime, { type Email } from 'postal-mime';
import { z } from 'zod';
import type { State } from '../state.ts';

const Row = z.object({
  id: z.string(),
  receivedAt: z.number(),
  source: z.string(),
  recipients: z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text))),
  subject: z.string(),
  file: z.string(),
  bytes: z.number(),
  attachments: z.number(),
});

/** A mail in the list; `receivedAt` is business time in epoch milliseconds, `file` its .eml below the data directory. */
export type MailSummary = z.output<typeof Row>;

export type MailContent = {
  from: string;
  to: string[];
  subject: string;
  text: string;
  html: string | undefined;
  attachments: { name: string; type: string; content: Buffer }[];
};

const columns = 'id, received_at AS receivedAt, source, recipients, subject, file, bytes, attachments';

/** Every mail sent, as an .eml file each and an index to find them by. */
export class Mailbox {
  readonly #state: State;
  readonly #dir: string;
  readonly #now: () => number;
  #count: number;

  /** @param now business time in epoch milliseconds */
  constructor(state: State, dataDir: string, now: () => number) {
    this.#state = state;
    this.#dir = join(dataDir, 'mail');
    this.#now = now;
    mkdirSync(this.#dir, { recursive: true });
    this.#count =
      state.first(z.object({ count: z.number() }), 'SELECT COUNT(*) AS count FROM mails')?.count ?? 0;
  }

  /** Stores a mail; it is on disk and in the index when this resolves. */
  async receive(mail: {
    id: string;
    raw: Buffer;
    source: string;
    recipients: string[];
  }): Promise<{ recipients: string[]; attachmentBytes: number }> {
    this.#count += 1;
    const number = this.#count;
    const at = this.#now();
    const email = await PostalMime.parse(mail.raw, { attachmentEncoding: 'arraybuffer' });
    const recipients = mail.recipients.length > 0 ? mail.recipients : addresses(email);
    const file = `${String(number).padStart(6, '0')}-${new Date(at).toISOString().slice(0, 10)}-${mail.id.slice(0, 8)}.eml`;
    await writeFile(join(this.#dir, file), mail.raw);
    this.#state.run(
      'INSERT INTO mails (id, received_at, source, recipients, subject, file, bytes, attachments) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      mail.id,
      at,
      mail.source,
      JSON.stringify(recipients),
      email.subject ?? '',
      join('mail', file),
      mail.raw.length,
      email.attachments.length,
    );
    return {
      recipients,
      attachmentBytes: email.attachments.reduce((sum, each) => sum + sizeOf(each.content), 0),
    };
  }

  /** Newest first, of one recipient if given. */
  list(filter: { to?: string | undefined; limit?: number | undefined } = {}): MailSummary[] {
    const like = filter.to === undefined ? '%' : `%${JSON.stringify(filter.to)}%`;
    return this.#state.all(
      Row,
      `SELECT ${columns} FROM mails WHERE recipients LIKE ? ORDER BY seq DESC LIMIT ?`,
      like,
      filter.limit ?? 10_000,
    );
  }

  count(): number {
    return (
      this.#state.first(z.object({ count: z.number() }), 'SELECT COUNT(*) AS count FROM mails')?.count ?? 0
    );
  }

  summary(id: string): MailSummary | undefined {
    return this.#state.first(Row, `SELECT ${columns} FROM mails WHERE id = ?`, id);
  }

  /** The mail as it was sent; undefined when there is none of this id. */
  raw(id: string): Buffer | undefined {
    const summary = this.summary(id);
    return summary === undefined ? undefined : readFileSync(join(this.#dir, '..', summary.file));
  }

  /** The mail taken apart; undefined when there is none of this id. */
  async get(id: string): Promise<MailContent | undefined> {
    const raw = this.raw(id);
    if (raw === undefined) return undefined;
    const email = await PostalMime.parse(raw, { attachmentEncoding: 'arraybuffer' });
    return {
      from: email.from?.address ?? '',
      to: addresses(email),
      subject: email.subject ?? '',
      text: email.text ?? '',
      html: email.html,
      attachments: email.attachments.map((each, at) => ({
        name: each.filename ?? `attachment-${at + 1}`,
        type: each.mimeType,
        content:
          typeof each.content === 'string'
            ? Buffer.from(each.content, 'base64')
            : Buffer.from(new Uint8Array(each.content)),
      })),
    };
  }
}

function addresses(email: Email): string[] {
  return [...(email.to ?? []), ...(email.cc ?? []), ...(email.bcc ?? [])].flatMap((each) =>
    each.address === undefined ? [] : [each.address],
  );
}

function sizeOf(content: ArrayBuffer | Uint8Array | string): number {
  return typeof content === 'string' ? Buffer.byteLength(content, 'base64') : content.byteLength;
}
