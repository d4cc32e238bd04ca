import { SESClient, SESServiceException, SendRawEmailCommand } from '@aws-sdk/client-ses';

/**
 * A mail ready for the wire. `raw` is the whole MIME message with its headers; `tags` come back with what the service
 * tells of the mail later (letters, digits, `_` and `-` only).
 */
export type RawMail = {
  from: string;
  to: readonly string[];
  raw: Uint8Array;
  tags?: Readonly<Record<string, string>>;
};

/** Hands mails over for delivery. */
export interface MailSender {
  /**
   * @returns the id the service gave it
   * @throws MailRefused when the service surely did not take it; anything else leaves it open whether it left
   */
  send(mail: RawMail): Promise<string>;
}

/** The mail service did not take the mail: nothing was sent. */
export class MailRefused extends Error {
  constructor(cause: unknown) {
    super(`the mail was not taken: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'MailRefused';
  }
}

/** A throttled mail waits 0.2 s × 2^n with full jitter: 6 s in all at most. */
const THROTTLED_RETRIES = 5;

/**
 * SES by SendRawEmail, which takes no idempotency token: a retry after a timeout could send twice. So the SDK makes
 * one attempt, and only what SES surely did not take is tried again here.
 * @param configurationSet says where SES tells of bounces, complaints and deliveries
 */
export function sesSender(
  configurationSet?: string,
  client = new SESClient({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000 },
  }),
): MailSender {
  const sendOnce = async ({ from, to, raw, tags = {} }: RawMail): Promise<string> => {
    const answer = await client.send(
      new SendRawEmailCommand({
        Source: from,
        Destinations: [...to],
        RawMessage: { Data: raw },
        ...(configurationSet !== undefined && {
          ConfigurationSetName: configurationSet,
          Tags: Object.entries(tags).map(([Name, Value]) => ({ Name, Value })),
        }),
      }),
    );
    return answer.MessageId ?? '';
  };
  return {
    async send(mail) {
      for (let attempt = 0; ; attempt++) {
        try {
          return await sendOnce(mail);
        } catch (error) {
          if (!isRefusal(error)) throw error;
          if (!isThrottled(error) || attempt === THROTTLED_RETRIES) throw new MailRefused(error);
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 200 * 2 ** attempt));
        }
      }
    },
  };
}

/** Failures before the request was on the wire. */
const unsent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'CredentialsProviderError'];

/**
 * Whether SES certainly did not take the mail: it answered with a client error, or could not be reached at all. A
 * server error or a broken connection says neither.
 */
function isRefusal(error: unknown): boolean {
  if (error instanceof SESServiceException) {
    const status = error.$metadata.httpStatusCode ?? 0;
    return status >= 400 && status < 500;
  }
  return (
    error instanceof Error &&
    unsent.some((sign) => sign === error.name || ('code' in error && error.code === sign))
  );
}

function isThrottled(error: unknown): boolean {
  return (
    error instanceof Error &&
    ['Throttling', 'ThrottlingException', 'TooManyRequestsException'].includes(error.name)
  );
}
