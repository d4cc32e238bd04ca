import type { APIGatewayProxyEventV2, APIGatewayProxyEventV2WithJWTAuthorizer } from 'aws-lambda';
import { DomainError } from '../kernel/errors.ts';
import { type Instant, instant } from '../kernel/time.ts';
import type { Contract } from './contract.ts';

/** What API Gateway sends (payload 2.0); routes without an authorizer come without claims. */
export type HttpEvent = APIGatewayProxyEventV2 | APIGatewayProxyEventV2WithJWTAuthorizer;

/** No body is longer, in bytes as sent. */
const MAX_BODY_BYTES = 1024 * 1024;
/** Nor is a file: Lambda takes 6 MB with all that is around it. */
const MAX_FILE_BYTES = 5 * 1024 * 1024;

/** The body as text. @throws DomainError `body_too_large` */
export function bodyText(event: HttpEvent): string {
  const { body = '', isBase64Encoded } = event;
  assertSize(event, MAX_BODY_BYTES);
  return isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
}

/** The body as the file it is. @throws DomainError `body_too_large` */
export function bodyFile(event: HttpEvent): Uint8Array {
  assertSize(event, MAX_FILE_BYTES);
  return Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
}

function assertSize({ body = '', isBase64Encoded }: HttpEvent, most: number): void {
  const bytes = Buffer.byteLength(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes <= most) return;
  throw new DomainError(
    'body_too_large',
    `A body holds ${most} bytes at most; this one has ${bytes}. Send less at once.`,
  );
}

const mediaTypes = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const;

/**
 * The body as the values it holds, not yet checked against a schema.
 * @throws DomainError `unsupported_media_type`, `malformed_json`
 */
export function bodyValue(
  event: HttpEvent,
  text: string,
  accepts: Exclude<NonNullable<Contract['accepts']>, 'file'>,
): unknown {
  switch (accepts) {
    case 'raw':
      return text;
    case 'form':
      assertMediaType(event, mediaTypes.form);
      return Object.fromEntries(new URLSearchParams(text));
    case 'json':
      assertMediaType(event, mediaTypes.json);
      return parseJson(text);
    default:
      return accepts satisfies never;
  }
}

function assertMediaType({ headers }: HttpEvent, expected: string): void {
  const sent = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (sent !== expected) {
    throw new DomainError(
      'unsupported_media_type',
      `Send the body as ${expected} and say so in the Content-Type header.`,
    );
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DomainError('malformed_json', 'The body is not JSON. Check its brackets, quotes and commas.', {
      cause,
    });
  }
}

/** The claims of the token that the gateway checked. */
export function claimsOf(event: HttpEvent): unknown {
  const context = event.requestContext;
  return 'authorizer' in context ? context.authorizer.jwt.claims : undefined;
}

/** The moment the gateway received the request. */
export function receivedAt(event: HttpEvent): Instant {
  return instant(event.requestContext.timeEpoch);
}

/**
 * The version in `If-Match: "3"`; undefined without the header and for `*`, which any version matches.
 * @throws DomainError `precondition_failed` for tags that no version ever had
 */
export function ifMatchOf(headers: HttpEvent['headers']): number | undefined {
  const header = headers['if-match']?.trim();
  if (header === undefined || header === '*') return undefined;
  const version = /^"(\d{1,15})"$/.exec(header)?.[1];
  if (version === undefined) {
    throw new DomainError(
      'precondition_failed',
      'If-Match must be the ETag of one version, quotes included, such as "3".',
    );
  }
  return Number(version);
}

/** A version as an entity tag. */
export const etagOf = (version: number) => `"${version}"`;

/**
 * Refuses a change to a version other than the one the caller saw.
 * @param current 0 where there is nothing yet
 * @throws DomainError `precondition_failed`
 */
export function assertMatches(ifMatch: number | undefined, current: number): void {
  if (ifMatch !== undefined && ifMatch !== current) {
    throw new DomainError(
      'precondition_failed',
      `It is at version ${current} now. Read it again and decide anew.`,
    );
  }
}
