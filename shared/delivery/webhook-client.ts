import { type LookupAddress, lookup } from 'node:dns';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './private-address.ts';

export type WebhookMessage = { url: string; headers: Readonly<Record<string, string>>; body: Buffer };

/** Posts a webhook. @returns the status it was answered with @throws AddressRefused; anything else: no answer came */
export type PostWebhook = (message: WebhookMessage) => Promise<number>;

/** The webhook leads to a private network, where nothing of a customer's can be. */
export class AddressRefused extends Error {
  constructor(host: string) {
    super(`${host} leads to no public address`);
    this.name = 'AddressRefused';
  }
}

/** All addresses of a name. */
export type Resolve = (
  hostname: string,
  options: { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

type Net = { request: typeof httpsRequest; resolve: Resolve };

/** Waiting for an answer ends after this, however slowly it trickles in. */
const TIMEOUT_MILLISECONDS = 10_000;

/**
 * Posts webhooks to addresses of the public internet only. The connection goes to the very address that was checked, so
 * a name that leads elsewhere at the second look is of no use. Redirects are not followed: each would be a new address.
 * @param allowPrivate only for a run on one's own machine
 */
export function webhookPoster(
  allowPrivate: boolean,
  net: Net = { request: httpsRequest, resolve: lookup },
): PostWebhook {
  return async ({ url, headers, body }) => {
    const { hostname } = new URL(url);
    const host = hostname.replace(/^\[|\]$/g, '');
    // An address instead of a name is connected to without being looked up.
    if (!allowPrivate && isIP(host) !== 0 && !isPublicAddress(host)) throw new AddressRefused(host);
    const options: RequestOptions = {
      method: 'POST',
      headers: { ...headers, 'content-length': String(body.length) },
      // No connection of another call is used again: it may lead to an address that was not checked.
      agent: false,
      lookup: checkedLookup(net.resolve, allowPrivate),
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    };
    return post(net.request, url, options, body);
  };
}

function post(
  request: typeof httpsRequest,
  url: string,
  options: RequestOptions,
  body: Buffer,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      resolve(response.statusCode ?? 0);
      // What it says besides is of no interest, and could be endless.
      response.destroy();
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** A name is refused when any of its addresses is private: which one would be taken is not ours to say. */
function checkedLookup(resolve: Resolve, allowPrivate: boolean): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { all: true }, (error, addresses) => {
      if (error) return done(error, '', 0);
      const [first] = addresses;
      if (!first || (!allowPrivate && addresses.some(({ address }) => !isPublicAddress(address)))) {
        return done(new AddressRefused(hostname), '', 0);
      }
      return options.all ? done(null, addresses) : done(null, first.address, first.family);
    });
  };
}
