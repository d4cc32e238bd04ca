import * as z from 'zod';

const Clock = z.looseObject({ now: z.string() });
const Token = z.looseObject({ token: z.string() });
const Mail = z.looseObject({ id: z.string(), subject: z.string() });
const MailContent = z.looseObject({ text: z.string() });
const Meter = z.looseObject({ totalUsd: z.number(), totalUsdWithoutMail: z.number() });
const Queued = z.looseObject({
  messages: z.array(z.looseObject({ body: z.string(), attributes: z.record(z.string(), z.string()) })),
});
export type Meter = z.infer<typeof Meter>;
export type Mail = z.infer<typeof Mail>;

/** What only the local run has: its clock, its mailbox, its tokens. Over HTTP, so that it works from any process. */
export class LocalClient {
  private readonly base: string;

  constructor(base: string) {
    this.base = base.replace(/\/$/, '');
  }

  /** The moment the business clock shows, ISO. */
  async now(): Promise<string> {
    return Clock.parse(await this.call('/_local/clock')).now;
  }

  /** Moves the business clock to `moment` (ISO); every schedule between fires in its turn. Never back. */
  async advanceTo(moment: string): Promise<void> {
    await this.call('/_local/clock', { to: moment });
  }

  /** Waits until nothing is under way: no call, no fact on its way, no workflow. */
  async quiesce(): Promise<void> {
    await this.call('/_local/quiesce');
  }

  async token(role: string, customerId?: string): Promise<string> {
    return Token.parse(await this.call('/_local/tokens', { role, customerId })).token;
  }

  /** Every mail sent so far, newest first. */
  async mails(): Promise<Mail[]> {
    return z.array(Mail).parse(await this.call('/_local/mailbox.json'));
  }

  /** A mail as plain text. */
  async mailText(id: string): Promise<string> {
    return MailContent.parse(await this.call(`/_local/mailbox/${id}.json`)).text;
  }

  /** What waits in the queues for a person, each message with its attributes as one text. */
  async queued(): Promise<string[]> {
    const { messages } = Queued.parse(await this.call('/_local/queues'));
    return messages.map(({ body, attributes }) => `${body} ${JSON.stringify(attributes)}`);
  }

  /** What AWS would bill for all that happened here, at list price. */
  async meter(): Promise<Meter> {
    return Meter.parse(await this.call('/_local/meter'));
  }

  private async call(path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.base}${path}`, {
      ...(body !== undefined && {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }
}
