import type { Instant } from '../kernel/time.ts';
import { SIGNATURE_HEADER, signWebhook } from './sandbox-events.ts';

/** What delivery needs of the world; `post` is `fetch`. */
export type Delivery = {
  readonly url: string;
  readonly secret: string;
  readonly at: Instant;
  readonly post: (url: string, init: RequestInit) => Promise<{ readonly status: number }>;
};

/** The first attempt and three more. */
const ATTEMPTS = 4;
/** All attempts and pauses stay within the function's 10 s: 4 × 2 s + 0.2 s × (1 + 2 + 4) = 9.4 s at worst. */
const ATTEMPT_MILLISECONDS = 2000;
const PAUSE_MILLISECONDS = 200;

/**
 * Sends an event as the sandbox's webhook, again where the receiver is not there or fails (5xx).
 * @returns the status of the last answer, undefined where none came
 */
export async function deliverWebhook(
  event: { readonly id: string },
  { url, secret, at, post }: Delivery,
): Promise<number | undefined> {
  const body = JSON.stringify(event);
  const headers = { 'content-type': 'application/json', [SIGNATURE_HEADER]: signWebhook(body, secret, at) };
  let status: number | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await pause(PAUSE_MILLISECONDS * 2 ** (attempt - 1));
    status = await statusOf(
      post(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(ATTEMPT_MILLISECONDS) }),
    );
    if (status !== undefined && status < 500) return status;
  }
  return status;
}

/** A receiver that can't be reached is tried again as one that fails. */
async function statusOf(answer: Promise<{ readonly status: number }>): Promise<number | undefined> {
  try {
    return (await answer).status;
  } catch {
    return undefined;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
