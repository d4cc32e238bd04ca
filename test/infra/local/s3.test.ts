import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statementBucket } from '#shared/bank/statement-files-client.ts';
import { ObjectStore } from '../../../infra/local/aws/s3.ts';
import { close, listen, serve } from '../../../infra/local/http/exchange.ts';
import { Meter } from '../../../infra/local/meter/meter.ts';
import { State } from '../../../infra/local/state.ts';

const home = mkdtempSync(join(tmpdir(), 'o2c-s3-'));
let server: Server;
let state: State;
let meter: Meter;
let endpoint: string;
const store = () => new ObjectStore({ dataDir: home, buckets: ['o2c-files'], meter });
beforeAll(async () => {
  state = State.open(home);
  meter = new Meter(state, () => '2026-03-31T10:00:00.000Z');
  server = serve(
    async (request, response) => {
      // Another process each time: what is kept lies on the disk.
      const objects = store();
      const object = objects.objectIn(request);
      if (object === undefined) response.writeHead(404).end();
      else await objects.handle(request, response, object);
    },
    () => {},
  );
  endpoint = `http://127.0.0.1:${await listen(server, 0)}`;
});
afterAll(async () => {
  await close(server);
  meter.stop();
  state.close();
  rmSync(home, { recursive: true });
});

const bucket = (name = 'o2c-files') =>
  statementBucket(
    name,
    new S3Client({
      endpoint,
      region: 'eu-west-2',
      credentials: { accessKeyId: 'http-bank', secretAccessKey: 'local' },
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    }),
  );

async function contentOf(key: string): Promise<string | undefined> {
  const opened = await bucket().open(key);
  if (!opened) return undefined;
  const pieces: Uint8Array[] = [];
  for await (const piece of opened.content) pieces.push(piece);
  const content = Buffer.concat(pieces);
  expect(content.length).toBe(opened.bytes);
  return content.toString();
}

describe('the bucket of the local run', () => {
  it('keeps what the SDK puts, and gives it back as it is', async () => {
    await bucket().put('statements/ab', Buffer.from('Kontoauszug März'));
    expect(await contentOf('statements/ab')).toBe('Kontoauszug März');
    await bucket().put('statements/ab', Buffer.from('another'));
    expect(await contentOf('statements/ab')).toBe('another');
    expect(await contentOf('statements/none')).toBeUndefined();
  });

  it('takes a file at a signed address, whatever its type', async () => {
    const url = await bucket().uploadUrl('uploads/upl_1', 3_600);
    expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('3600');
    const large = 'x'.repeat(3_000_000);
    const headers = { 'content-type': 'application/xml' };
    expect((await fetch(url, { method: 'PUT', body: large, headers })).status).toBe(200);
    expect(await contentOf('uploads/upl_1')).toBe(large);
  });

  it('copies the very content that was read, and no other', async () => {
    await bucket().put('uploads/a', Buffer.from('first'));
    const read = await bucket().open('uploads/a');
    await bucket().put('uploads/a', Buffer.from('second'));
    await expect(bucket().copy('uploads/a', read?.etag ?? '', 'statements/a')).rejects.toThrow(
      'The source is another one by now.',
    );
    expect(await contentOf('statements/a')).toBeUndefined();
    const now = await bucket().open('uploads/a');
    await bucket().copy('uploads/a', now?.etag ?? '', 'statements/a');
    expect(await contentOf('statements/a')).toBe('second');
    await expect(bucket().copy('uploads/none', '"x"', 'statements/b')).rejects.toThrow('does not exist');
  });

  it('is told from other services and other buckets, and counts what AWS would bill', async () => {
    await expect(bucket('o2c-others').put('a', Buffer.from('a'))).rejects.toThrow('UnknownError');
    expect((await fetch(`${endpoint}/o2c-files/a`, { method: 'DELETE' })).status).toBe(501);
    meter.reset();
    await bucket().put('statements/c', Buffer.from('c'));
    await contentOf('statements/c');
    const { counts, usd } = meter.snapshot();
    expect([counts.s3Writes, counts.s3Reads]).toEqual([1, 1]);
    expect(usd['s3']).toBeCloseTo(0.0000054, 10);
  });
});
