import { createHash } from 'node:crypto';

/**
 * An incremental update of a PDF (ISO 32000-1, 7.5.6): what was there stays byte for byte, new and changed objects
 * follow with a cross-reference table of their own. It reads what pdfkit writes: one plain cross-reference table,
 * dictionaries and streams that are not packed into others.
 */
export class PdfUpdate {
  readonly #before: Buffer;
  /** The same, one character a byte. */
  readonly #text: string;
  readonly #trailer: string;
  readonly #previous: number;
  readonly #offsets: ReadonlyMap<number, number>;
  readonly #written = new Map<number, Buffer>();
  #next: number;

  /** @throws Error when `pdf` is not a file as pdfkit writes it */
  constructor(pdf: Uint8Array) {
    this.#before = Buffer.from(pdf);
    this.#text = this.#before.toString('latin1');
    this.#previous = Number(found(/startxref\s+(\d+)\s+%%EOF\s*$/, this.#text));
    const table = this.#text.slice(this.#previous);
    this.#trailer = found(/trailer\s*<<([\s\S]*?)>>\s*startxref/, table);
    this.#next = Number(found(/\/Size (\d+)/, this.#trailer));
    const entries = found(/^xref\s+0 \d+\s+((?:\d{10} \d{5} [nf]\s+)+)trailer/, table);
    this.#offsets = new Map(
      [...entries.matchAll(/(\d{10}) \d{5} [nf]/g)].map(([, offset], id) => [id, Number(offset)]),
    );
  }

  /** The number of the catalog, from which all else is found. */
  get catalog(): number {
    return Number(found(/\/Root (\d+) 0 R/, this.#trailer));
  }

  /** A number for an object that is not there yet. */
  newObject(): number {
    const id = this.#next;
    this.#next += 1;
    return id;
  }

  /** What stands between the double angle brackets of a dictionary that is no stream. */
  dictionary(id: number): string {
    return found(/^\d+ 0 obj\s*<<([\s\S]*?)>>\s*endobj/, this.#at(id));
  }

  /** The bytes of a stream that is not compressed. */
  stream(id: number): Buffer {
    const head = found(/^(\d+ 0 obj\s*<<[\s\S]*?>>\s*stream\r?\n)/, this.#at(id));
    if (head.includes('/Filter')) throw new Error(`stream ${id} of the PDF is compressed`);
    const start = this.#offset(id) + head.length;
    const end = this.#before.indexOf('endstream', start);
    return this.#before.subarray(start, end);
  }

  putDictionary(id: number, entries: string): void {
    this.#written.set(id, Buffer.from(`${id} 0 obj\n<<${entries}>>\nendobj\n`, 'latin1'));
  }

  putStream(id: number, entries: string, bytes: Uint8Array): void {
    const head = `${id} 0 obj\n<<${entries}\n/Length ${bytes.length}\n>>\nstream\n`;
    this.#written.set(
      id,
      Buffer.concat([Buffer.from(head, 'latin1'), bytes, Buffer.from('\nendstream\nendobj\n')]),
    );
  }

  /** The whole file with its update. */
  finish(): Buffer {
    const parts = [this.#before, Buffer.from('\n')];
    let position = this.#before.length + 1;
    const entries: string[] = [];
    for (const [id, bytes] of [...this.#written].sort(([one], [other]) => one - other)) {
      entries.push(`${id} 1\n${String(position).padStart(10, '0')} 00000 n \n`);
      parts.push(bytes);
      position += bytes.length;
    }
    // The second half of the file's id changes with its content, the first names the file for good.
    const digest = createHash('md5').update(Buffer.concat(parts)).digest('hex');
    const trailer = this.#trailer
      .replace(/\/Size \d+/, `/Size ${this.#next}`)
      .replace(/(\/ID \[\s*<[0-9a-fA-F]*>\s*)<[0-9a-fA-F]*>/, `$1<${digest}>`);
    const table = `xref\n${entries.join('')}trailer\n<<${trailer}/Prev ${this.#previous}\n>>\nstartxref\n${position}\n%%EOF\n`;
    return Buffer.concat([...parts, Buffer.from(table, 'latin1')]);
  }

  #offset(id: number): number {
    const offset = this.#offsets.get(id);
    if (offset === undefined) throw new Error(`the PDF has no object ${id}`);
    return offset;
  }

  #at(id: number): string {
    return this.#text.slice(this.#offset(id));
  }
}

function found(pattern: RegExp, text: string): string {
  const match = pattern.exec(text)?.[1];
  if (match === undefined) throw new Error(`not a PDF as this system writes it: no ${pattern.source}`);
  return match;
}
