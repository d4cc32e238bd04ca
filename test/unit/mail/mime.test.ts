import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { instant } from '#shared/kernel/time.ts';
import { composeMime, type MimeMail } from '#shared/mail/mime.ts';

const mail: MimeMail = {
  from: { name: 'Müller & Söhne', address: 'accounts@example.com' },
  to: ['buyer@example.org'],
  subject: 'Rechnung INV-2026-000042 über EUR 36,35',
  html: '<p>Grüße</p>',
  text: 'Grüße\n',
  attachments: [
    { filename: 'INV-2026-000042.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF-1.7') },
  ],
  messageId: 'inv_1.invoice@example.com',
  date: instant('2026-03-31T09:30:00Z'),
  headers: { 'Auto-Submitted': 'auto-generated' },
};

describe('a mail as MIME', () => {
  it('reads back as it was written', async () => {
    const read = await PostalMime.parse(await composeMime(mail));
    expect(read.from).toMatchObject({ name: 'Müller & Söhne', address: 'accounts@example.com' });
    expect(read.to?.map(({ address }) => address)).toEqual(['buyer@example.org']);
    expect(read.subject).toBe('Rechnung INV-2026-000042 über EUR 36,35');
    expect(read.html?.trim()).toBe('<p>Grüße</p>');
    expect(read.text?.trim()).toBe('Grüße');
    expect(read.messageId).toBe('<inv_1.invoice@example.com>');
    expect(read.date).toBe('2026-03-31T09:30:00.000Z');
    expect(read.headers).toContainEqual(
      expect.objectContaining({ key: 'auto-submitted', value: 'auto-generated' }),
    );
    expect(read.attachments.map(({ filename, mimeType }) => [filename, mimeType])).toEqual([
      ['INV-2026-000042.pdf', 'application/pdf'],
    ]);
  });

  it('is the same to the byte when made again', async () => {
    expect((await composeMime(mail)).equals(await composeMime(mail))).toBe(true);
  });

  it.each<[string, Partial<MimeMail>]>([
    ['subject', { subject: 'Hello\r\nBcc: victim@example.org' }],
    ['sender name', { from: { name: 'Shop\nBcc: victim@example.org', address: 'a@example.com' } }],
    ['recipient', { to: ['a@example.com\r\nBcc: victim@example.org'] }],
    ['second recipient in one', { to: ['a@example.com, victim@example.org'] }],
    ['header value', { headers: { 'X-Kind': 'a\r\nBcc: victim@example.org' } }],
    ['header name', { headers: { 'X-Kind: a\r\nBcc': 'victim@example.org' } }],
    ['message id', { messageId: 'a@example.com>\r\nBcc: victim@example.org' }],
    [
      'file name',
      { attachments: [{ filename: 'a"\r\nX: y.pdf', contentType: 'application/pdf', content: '' }] },
    ],
  ])('refuses another header field hidden in the %s', async (_, changes) => {
    await expect(composeMime({ ...mail, ...changes })).rejects.toThrow(
      /control characters|email|field name|message id/i,
    );
  });
});
