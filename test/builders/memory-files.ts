import { createHash } from 'node:crypto';
import type { StatementFiles } from '#shared/bank/statement-files.ts';

/** Pieces as a stream brings them, so that readers meet every boundary. */
const PIECE = 7_919;

/** A bucket in memory. */
export class MemoryFiles implements StatementFiles {
  readonly stored = new Map<string, Uint8Array>();

  async put(key: string, content: Uint8Array): Promise<void> {
    this.stored.set(key, Uint8Array.from(content));
  }

  async open(key: string) {
    const found = this.stored.get(key);
    if (!found) return undefined;
    return { etag: etagOf(found), bytes: found.length, content: pieces(found) };
  }

  async copy(from: string, etag: string, to: string): Promise<void> {
    const found = this.stored.get(from);
    if (!found || etagOf(found) !== etag) throw new Error('PreconditionFailed');
    this.stored.set(to, found);
  }

  async uploadUrl(key: string, seconds: number): Promise<string> {
    return `https://bucket.example/${key}?expires=${seconds}`;
  }
}

const etagOf = (content: Uint8Array) => `"${createHash('md5').update(content).digest('hex')}"`;

async function* pieces(content: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += PIECE) yield content.subarray(at, at + PIECE);
}
