import { describe, expect, it } from 'vitest';
import type { Channel } from '#shared/delivery/delivery.ts';
import { type Carriers, handOver, type Rendering } from '#shared/delivery/hand-over.ts';
import { accessPointNamed } from '#shared/delivery/sandbox-access-point.ts';
import { AddressRefused } from '#shared/delivery/webhook-client.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { instant } from '#shared/kernel/time.ts';
import type { WrittenMail } from '#shared/mail/post-office.ts';
import { MailUncertain } from '#shared/mail/send-once.ts';
import { anInvoice, INVOICE_ID } from '#test/builders/invoice.ts';
import { anOrderLine } from '#test/builders/order.ts';

const at = instant('2026-03-03T14:00:05Z');
const file = { document: anInvoice(), lines: [{ ...anOrderLine(), unitCost: 700 }] };

const rendering: Rendering = {
  pdf: async () => ({
    filename: 'INV-2026-000001.pdf',
    contentType: 'application/pdf',
    content: '%PDF-plain',
  }),
  xml: async (format) => ({
    filename: format === 'factur-x' ? 'INV-2026-000001.pdf' : 'INV-2026-000001.xml',
    contentType: format === 'factur-x' ? 'application/pdf' : 'application/xml',
    content: `as ${format}`,
  }),
  mail: () => ({ subject: 'Invoice', html: '<p>Invoice</p>', text: 'Invoice' }),
};

function carriers(overrides: Partial<Carriers> = {}) {
  const mails: WrittenMail[] = [];
  const posted: { headers: Readonly<Record<string, string>>; body: string }[] = [];
  const peppol: unknown[] = [];
  const sandbox = accessPointNamed('sandbox');
  return {
    mails,
    posted,
    peppol,
    carriers: {
      mail: async (mail: WrittenMail) => {
        mails.push(mail);
        return 'ses-1';
      },
      webhook: async ({ headers, body }) => {
        posted.push({ headers, body: body.toString() });
        return 200;
      },
      webhookSecret: async () => 'whsec_test',
      accessPoint: {
        name: 'sandbox',
        send: (message) => {
          peppol.push(message);
          return sandbox.send(message);
        },
      },
      now: () => instant('2026-03-03T14:00:06Z'),
      ...overrides,
    } satisfies Carriers,
  };
}

const send = (channel: Channel, world = carriers(), request = 1, as = rendering) =>
  handOver(file, { channel, request, at }, as, world.carriers);

describe('by mail', () => {
  it.each([
    [undefined, ['%PDF-plain']],
    ['ubl', ['%PDF-plain', 'as ubl']],
    ['xrechnung', ['%PDF-plain', 'as xrechnung']],
    ['factur-x', ['as factur-x']],
  ] as const)('a document goes with xml %s as %j', async (xml, expected) => {
    const world = carriers();
    const channel: Channel = { by: 'mail', to: 'orders@harbour.example', ...(xml && { xml }) };
    expect(await send(channel, world)).toEqual({ outcome: 'sent', messageId: 'ses-1' });
    expect(world.mails).toMatchObject([{ mailId: INVOICE_ID, documentId: INVOICE_ID }]);
    expect(world.mails[0]?.attachments?.map(({ content }) => content)).toEqual(expected);
  });

  it('each further request is a mail of its own', async () => {
    const world = carriers();
    await send({ by: 'mail', to: 'orders@harbour.example' }, world, 2);
    expect(world.mails[0]?.mailId).toBe(`${INVOICE_ID}.delivery-2`);
  });

  it('stays open whether a mail left of which no answer came', async () => {
    const lost = carriers({
      mail: async () => {
        throw new MailUncertain(INVOICE_ID);
      },
    });
    expect(await send({ by: 'mail', to: 'orders@harbour.example' }, lost)).toMatchObject({
      outcome: 'uncertain',
    });
  });
});

describe('by webhook', () => {
  const webhook = (format: 'json' | 'xrechnung' | 'factur-x'): Channel => ({
    by: 'webhook',
    url: 'https://erp.harbour.example/',
    format,
    secretVersion: 1,
  });

  it.each([
    ['xrechnung', 'application/xml', 'as xrechnung'],
    ['factur-x', 'application/pdf', 'as factur-x'],
  ] as const)('%s is posted as %s', async (format, contentType, body) => {
    const world = carriers();
    await send(webhook(format), world);
    expect(world.posted).toMatchObject([{ body, headers: { 'content-type': contentType } }]);
  });

  it('JSON does not tell what goods cost us', async () => {
    const world = carriers();
    await send(webhook('json'), world);
    expect(world.posted[0]?.body).toContain('"sku":"MUG-1"');
    expect(world.posted[0]?.body).not.toContain('unitCost');
  });

  it('is signed at the time of the wall, not of the fact: receivers compare it with theirs', async () => {
    const world = carriers();
    await send(webhook('json'), world);
    expect(world.posted[0]?.headers['o2c-signature']).toMatch(/^t=1772546406,v1=[0-9a-f]{64}$/);
  });

  it.each([
    [408, 'failed'],
    [429, 'failed'],
    [500, 'failed'],
    [503, 'failed'],
    [301, 'refused'],
    [401, 'refused'],
    [422, 'refused'],
  ] as const)('an answer of %i is %s', async (status, outcome) => {
    expect(await send(webhook('json'), carriers({ webhook: async () => status }))).toMatchObject({ outcome });
  });

  it('to a private address is refused for good', async () => {
    const inside = carriers({
      webhook: async () => {
        throw new AddressRefused('erp.harbour.example');
      },
    });
    expect(await send(webhook('json'), inside)).toMatchObject({
      outcome: 'refused',
      detail: 'erp.harbour.example leads to no public address',
    });
  });
});

describe('by Peppol', () => {
  const peppol = (id: string, scheme = '0088'): Channel => ({ by: 'peppol', to: { scheme, id } });

  it('UBL goes to the access point under an id that is the same when it is sent again', async () => {
    const world = carriers();
    const first = await send(peppol('5060012345678'), world);
    expect(await send(peppol('5060012345678'), world)).toEqual(first);
    expect(first).toEqual({
      outcome: 'delivered',
      messageId: expect.stringMatching(
        /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
    });
    expect(world.peppol[0]).toMatchObject({ content: 'as ubl', kind: 'invoice', number: 'INV-2026-000001' });
    expect(await send(peppol('5060012345678'), world, 2)).not.toEqual(first);
  });

  it.each([
    ['an id that begins with refuse', peppol('refuse-1')],
    ['a scheme that is no four digits', peppol('5060012345678', 'GLN')],
    ['an id with a blank', peppol('50600 12345678')],
  ])('the sandbox refuses %s', async (_, channel) => {
    expect(await send(channel)).toMatchObject({ outcome: 'refused' });
  });

  it('a document that UBL has no form for is refused for good', async () => {
    const impossible: Rendering = {
      ...rendering,
      xml: async () => {
        throw new DomainError('e_invoice_not_possible', 'A buyer without country can not be written as UBL.');
      },
    };
    expect(await send(peppol('5060012345678'), carriers(), 1, impossible)).toMatchObject({
      outcome: 'refused',
      detail: 'A buyer without country can not be written as UBL.',
    });
  });

  it('an access point that is down is tried again', async () => {
    const down = carriers({
      accessPoint: {
        name: 'down',
        send: async () => {
          throw new Error('connect ETIMEDOUT');
        },
      },
    });
    expect(await send(peppol('5060012345678'), down)).toMatchObject({ outcome: 'failed' });
  });
});
