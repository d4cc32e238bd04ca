import { SESClient } from '@aws-sdk/client-ses';
import { describe, expect, it } from 'vitest';
import { MailRefused, type RawMail, sesSender } from '#shared/mail/ses-client.ts';
import { awsEndpoint, type Reply } from '#test/builders/aws-endpoint.ts';

const mail: RawMail = {
  from: 'orders@example.com',
  to: ['buyer@acme.example'],
  raw: Buffer.from('Subject: Hello\r\n\r\nHi'),
};
const accepted: Reply = {
  status: 200,
  body: `<SendRawEmailResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><SendRawEmailResult>
<MessageId>0101</MessageId></SendRawEmailResult></SendRawEmailResponse>`,
};
const failed = (status: number, code: string): Reply => ({
  status,
  body: `<ErrorResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><Error>
<Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`,
});

/** SES that answers with `replies`, and a sender that talks to it. */
async function ses(...replies: Reply[]) {
  const endpoint = await awsEndpoint(...replies);
  return { endpoint, sender: sesSender(undefined, new SESClient({ ...endpoint.config, maxAttempts: 1 })) };
}

describe('the mail service', () => {
  it('takes a mail and gives it an id', async () => {
    const { sender, endpoint } = await ses(accepted);
    expect(await sender.send(mail)).toBe('0101');
    const form = new URLSearchParams(endpoint.requests[0]);
    expect(form.get('Source')).toBe('orders@example.com');
    expect(form.get('Destinations.member.1')).toBe('buyer@acme.example');
    expect(Buffer.from(form.get('RawMessage.Data') ?? '', 'base64').toString()).toBe(
      'Subject: Hello\r\n\r\nHi',
    );
  });

  it('refuses a mail: nothing was sent, and it is not asked again', async () => {
    const { sender, endpoint } = await ses(failed(400, 'MessageRejected'), accepted);
    await expect(sender.send(mail)).rejects.toThrow(MailRefused);
    expect(endpoint.requests).toHaveLength(1);
  });

  it('is asked again when it takes no more mails this second', async () => {
    const { sender, endpoint } = await ses(failed(400, 'Throttling'), accepted);
    expect(await sender.send(mail)).toBe('0101');
    expect(endpoint.requests).toHaveLength(2);
  });

  it.each<[string, Reply]>([
    ['breaks the connection', 'hang up'],
    ['answers with a server error', failed(500, 'InternalFailure')],
  ])('is not asked again when it %s: the mail may have left', async (_, reply) => {
    const { sender, endpoint } = await ses(reply, accepted);
    const failure = await sender.send(mail).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toBeInstanceOf(MailRefused);
    expect(endpoint.requests).toHaveLength(1);
  });

  it('can not be reached: nothing was sent', async () => {
    const { sender, endpoint } = await ses();
    await endpoint.close();
    await expect(sender.send(mail)).rejects.toThrow(MailRefused);
  });
});
