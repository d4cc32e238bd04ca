import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { send } from '../http/exchange.ts';
import type { Mailbox } from '../mailbox/mailbox.ts';
import type { Meter } from '../meter/meter.ts';
import type { TakenMail } from './mail-events.ts';

/** SES takes a raw message of 10 MB by default, before encoding. */
const maxMessageBytes = 10 * 1024 * 1024;

/** SES as the SDK's client speaks it (query protocol): mail lands in the mailbox, and what becomes of it is told. */
export class EmailService {
  readonly #mailbox: Mailbox;
  readonly #meter: Meter;
  readonly #tell: (mail: TakenMail, sender: string) => void;

  /** @param tell tells what becomes of a mail that was taken from the function `sender` */
  constructor(mailbox: Mailbox, meter: Meter, tell: (mail: TakenMail, sender: string) => void) {
    this.#mailbox = mailbox;
    this.#meter = meter;
    this.#tell = tell;
  }

  /** @param sender the function that asks */
  async handle(form: URLSearchParams, response: ServerResponse, sender: string): Promise<void> {
    const action = form.get('Action') ?? '';
    const raw = Buffer.from(form.get('RawMessage.Data') ?? '', 'base64');
    if (action !== 'SendRawEmail')
      return refuse(response, 'InvalidAction', `The local run does not emulate ${action || 'this request'}`);
    if (raw.length === 0) return refuse(response, 'InvalidParameterValue', 'RawMessage.Data is missing');
    if (raw.length > maxMessageBytes)
      return refuse(response, 'InvalidParameterValue', 'Message length is more than 10485760 bytes long');
    const id = `${randomBytes(8).toString('hex')}-${randomBytes(16).toString('hex')}-000000`;
    const recipients = [...form]
      .filter(([name]) => name.startsWith('Destinations.member.'))
      .map(([, address]) => address);
    const source = form.get('Source') ?? '';
    const mail = await this.#mailbox.receive({ id, raw, source, recipients });
    const configurationSet = form.get('ConfigurationSetName');
    if (configurationSet !== null) {
      const taken = { id, source, recipients: mail.recipients, configurationSet, tags: tagsOf(form) };
      this.#tell(taken, sender);
    }
    // Every recipient counts as a mail; attachments count as they travel, in base64, by the GiB.
    this.#meter.add('sesMails', Math.max(1, mail.recipients.length));
    const encoded = Math.ceil(mail.attachmentBytes / 3) * 4 * Math.max(1, mail.recipients.length);
    this.#meter.add('sesAttachmentGb', encoded / 2 ** 30);
    const xml = `<SendRawEmailResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><SendRawEmailResult><MessageId>${id}</MessageId></SendRawEmailResult><ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></SendRawEmailResponse>`;
    send(response, 200, 'text/xml', xml);
  }
}

function tagsOf(form: URLSearchParams): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const [field, name] of form) {
    const [, place] = /^Tags\.member\.(\d+)\.Name$/.exec(field) ?? [];
    if (place !== undefined) tags[name] = form.get(`Tags.member.${place}.Value`) ?? '';
  }
  return tags;
}

function refuse(response: ServerResponse, code: string, message: string): void {
  const xml = `<ErrorResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
  send(response, 400, 'text/xml', xml);
}
