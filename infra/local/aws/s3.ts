import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { codeOf } from '../errors.ts';
import { send } from '../http/exchange.ts';
import type { Meter } from '../meter/meter.ts';

/** A request for one object, whose address has the bucket in its path. */
type ObjectCall = { bucket: string; key: string };

let files = 0;

/**
 * S3 as the SDK's client speaks it: putting, reading and copying whole objects, by the function itself or by an address it
 * signed. Objects are files of the data directory, their entity tags beside them. Nothing waits for a signature to be right.
 */
export class ObjectStore {
  readonly #folder: string;
  readonly #buckets: ReadonlySet<string>;
  readonly #meter: Meter;

  constructor({ dataDir, buckets, meter }: { dataDir: string; buckets: readonly string[]; meter: Meter }) {
    this.#folder = join(dataDir, 'files');
    this.#buckets = new Set(buckets);
    this.#meter = meter;
  }

  /** The object a request is for; undefined when it is for another service. */
  objectIn(request: IncomingMessage): ObjectCall | undefined {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const [, bucket = '', key = ''] = /^\/([^/]+)\/(.+)$/.exec(pathname) ?? [];
    return this.#buckets.has(bucket) ? { bucket, key: decodeURIComponent(key) } : undefined;
  }

  async handle(request: IncomingMessage, response: ServerResponse, call: ObjectCall): Promise<void> {
    const reading = request.method === 'GET' || request.method === 'HEAD';
    this.#meter.add(reading ? 's3Reads' : 's3Writes');
    const source = request.headers['x-amz-copy-source'];
    if (reading) return this.#give(request, response, call);
    if (request.method !== 'PUT' || request.headers['content-encoding']?.includes('aws-chunked')) {
      request.resume();
      return refuse(response, 501, 'NotImplemented', `The local run does not emulate this ${request.method}`);
    }
    return typeof source === 'string'
      ? this.#copy(request, response, call, source)
      : this.#take(request, response, call);
  }

  async #give(request: IncomingMessage, response: ServerResponse, call: ObjectCall): Promise<void> {
    const file = this.#fileOf(call);
    const tag = await tagOf(file);
    if (tag === undefined) return refuse(response, 404, 'NoSuchKey', 'The specified key does not exist.');
    const { size, mtime } = await stat(file);
    response.writeHead(200, {
      'content-length': size,
      'content-type': 'application/octet-stream',
      etag: tag,
      'last-modified': mtime.toUTCString(),
    });
    if (request.method === 'HEAD') return void response.end();
    await pipeline(createReadStream(file), response);
  }

  /** The object is there whole or not at all. */
  async #take(request: IncomingMessage, response: ServerResponse, call: ObjectCall): Promise<void> {
    const file = this.#fileOf(call);
    const beside = await this.#beside(call);
    const hash = createHash('md5');
    await pipeline(
      request,
      async function* (source: AsyncIterable<Buffer>) {
        for await (const piece of source) {
          hash.update(piece);
          yield piece;
        }
      },
      createWriteStream(beside),
    );
    const tag = `"${hash.digest('hex')}"`;
    await keep(beside, file, tag);
    response.writeHead(200, { etag: tag, 'content-length': 0 }).end();
  }

  async #copy(
    request: IncomingMessage,
    response: ServerResponse,
    call: ObjectCall,
    source: string,
  ): Promise<void> {
    request.resume();
    const [, bucket = '', key = ''] = /^\/?([^/]+)\/(.+)$/.exec(source) ?? [];
    const from = this.#fileOf({ bucket, key: decodeURIComponent(key) });
    const tag = await tagOf(from);
    if (tag === undefined) return refuse(response, 404, 'NoSuchKey', 'The specified key does not exist.');
    const wanted = request.headers['x-amz-copy-source-if-match'];
    if (wanted !== undefined && wanted !== tag)
      return refuse(response, 412, 'PreconditionFailed', 'The source is another one by now.');
    const beside = await this.#beside(call);
    await copyFile(from, beside);
    await keep(beside, this.#fileOf(call), tag);
    send(response, 200, 'application/xml', `<CopyObjectResult><ETag>${tag}</ETag></CopyObjectResult>`);
  }

  /** One name of one folder, whatever the key: it can't lead out of the data directory. */
  #fileOf({ bucket, key }: ObjectCall): string {
    return join(this.#folder, encodeURIComponent(bucket), encodeURIComponent(key));
  }

  async #beside(call: ObjectCall): Promise<string> {
    const file = this.#fileOf(call);
    await mkdir(join(file, '..'), { recursive: true });
    files += 1;
    return `${file}.${process.pid}.${files}`;
  }
}

async function keep(beside: string, file: string, tag: string): Promise<void> {
  await rm(`${file}.etag`, { force: true });
  await rename(beside, file);
  await writeFile(`${file}.etag`, tag);
}

/** An object is there once its tag is. */
async function tagOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(`${file}.etag`, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  send(
    response,
    status,
    'application/xml',
    `<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  );
}
