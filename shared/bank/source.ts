import iconv from 'iconv-lite';
import { invalid } from './tally.ts';

/** A file as it comes in: a stream, or pieces at hand. */
export type StatementSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export type Encoding = 'utf-8' | 'latin1' | 'windows-1252';

/** Bytes that one step takes at most, so that a file in one piece is not held as text too. */
const STEP = 65_536;

async function* steps(source: StatementSource): AsyncGenerator<Uint8Array> {
  for await (const piece of source) {
    for (let at = 0; at < piece.length; at += STEP) yield piece.subarray(at, at + STEP);
  }
}

/** The text of a file piece by piece. @throws DomainError `statement_invalid` for bytes that are not of `encoding` */
export async function* textOf(source: StatementSource, encoding: Encoding): AsyncGenerator<string> {
  const decoder = encoding === 'utf-8' ? utf8Decoder() : { write: latinDecoder(encoding), end: () => '' };
  for await (const bytes of steps(source)) {
    const text = decoder.write(bytes);
    if (text) yield text;
  }
  const rest = decoder.end();
  if (rest) yield rest;
}

function latinDecoder(encoding: Encoding) {
  const decoder = iconv.getDecoder(encoding);
  return (bytes: Uint8Array) => decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
}

function utf8Decoder() {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const guarded = (decode: () => string) => {
    try {
      return decode();
    } catch (error) {
      throw invalid('its bytes', 'the text is not UTF-8', error);
    }
  };
  return {
    write: (bytes: Uint8Array) => guarded(() => decoder.decode(bytes, { stream: true })),
    end: () => guarded(() => decoder.decode()),
  };
}

/** A line longer than this is no statement. */
const MAX_LINE = 65_536;

/**
 * The lines of a file with their numbers from 1, without their ends. Banks write either encoding and do not say
 * which: a line that is not UTF-8 is Windows-1252.
 */
export async function* linesOf(source: StatementSource): AsyncGenerator<{ text: string; number: number }> {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  const decode = (bytes: Uint8Array): string => {
    try {
      return utf8.decode(bytes);
    } catch {
      return iconv.decode(Buffer.from(bytes), 'windows-1252');
    }
  };
  let rest: Uint8Array = new Uint8Array();
  let number = 0;
  for await (const piece of steps(source)) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let from = 0;
    for (let end = bytes.indexOf(10, from); end >= 0; end = bytes.indexOf(10, from)) {
      number += 1;
      yield { text: decode(bytes.subarray(from, end)).replace(/\r$/, ''), number };
      from = end + 1;
    }
    rest = bytes.slice(from);
    if (rest.length > MAX_LINE) throw invalid(`line ${number + 1}`, 'the line is too long');
  }
  if (rest.length > 0) yield { text: decode(rest).replace(/\r$/, ''), number: number + 1 };
}

/** The source as it was, and its first `size` bytes. */
export async function peek(
  source: StatementSource,
  size: number,
): Promise<{ head: Uint8Array; all: StatementSource }> {
  const pieces: Uint8Array[] = [];
  const iterator =
    Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  let length = 0;
  while (length < size) {
    const next = await iterator.next();
    if (next.done) break;
    pieces.push(next.value);
    length += next.value.length;
  }
  const head = Buffer.concat(pieces).subarray(0, size);
  async function* all() {
    yield* pieces;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  }
  return { head, all: all() };
}
