import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { isPublicAddress } from '#shared/delivery/private-address.ts';
import { AddressRefused, type Resolve, webhookPoster } from '#shared/delivery/webhook-client.ts';

describe('an address', () => {
  it.each(['93.184.216.34', '8.8.8.8', '2606:2800:220:1:248:1893:25c8:1946'])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::7f00:1',
    'fe80::1',
    'fc00::1',
    'fd00:ec2::254',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'ff02::1',
    'localhost',
    '',
  ])('%s is not', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('a webhook', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  async function receiver(status: number, headers: Record<string, string> = {}) {
    const got: { method: string | undefined; body: string; headers: Record<string, unknown> }[] = [];
    server = createServer((incoming, response) => {
      let body = '';
      incoming.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      incoming.on('end', () => {
        got.push({ method: incoming.method, body, headers: incoming.headers });
        response.writeHead(status, headers).end('thank you');
      });
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (!isBound(address)) throw new Error('the receiver has no port');
    return { got, port: address.port };
  }

  const resolve =
    (addresses: string[]): Resolve =>
    (_host, _options, done) =>
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
  // Plain http stands in for TLS: what is tested is where the connection goes.
  const poster = (allowPrivate: boolean, addresses: string[]) =>
    webhookPoster(allowPrivate, {
      request,
      resolve: resolve(addresses),
    });
  const message = (url: string) => ({
    url,
    headers: { 'o2c-delivery-id': 'x' },
    body: Buffer.from('{"a":1}'),
  });

  it('is posted to the address that was checked, and its status told', async () => {
    const { got, port } = await receiver(202);
    expect(await poster(true, ['127.0.0.1'])(message(`http://erp.example:${port}/in`))).toBe(202);
    expect(got).toMatchObject([{ method: 'POST', body: '{"a":1}', headers: { 'o2c-delivery-id': 'x' } }]);
  });

  it('does not follow a redirect', async () => {
    const { got, port } = await receiver(302, { location: 'http://127.0.0.1:1/' });
    expect(await poster(true, ['127.0.0.1'])(message(`http://erp.example:${port}/`))).toBe(302);
    expect(got).toHaveLength(1);
  });

  it.each([
    ['a name of a private address', 'http://erp.example/', ['10.0.0.1']],
    ['a name with a private address among others', 'http://erp.example/', ['8.8.8.8', '127.0.0.1']],
    ['the metadata of a cloud', 'http://169.254.169.254/latest', []],
    ['an IPv6 loopback', 'http://[::1]/', []],
    ['an IPv4 address written as a number', 'http://2130706433/', []],
    ['a name that is none', 'http://erp.example/', []],
  ])('is refused that leads to %s', async (_, url, addresses) => {
    await expect(poster(false, addresses)(message(url))).rejects.toThrow(AddressRefused);
  });
});

function isBound(address: AddressInfo | string | null | undefined): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
