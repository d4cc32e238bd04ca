import { createInterface } from 'node:readline';
import { examine } from './check-invariants.ts';
import { figuresOf } from './figures.ts';
import { readPicture, type StoredItem } from './read-picture.ts';

/**
 * `node shared/invariant/audit.ts [--settled]`: reads every item of the table as one JSON object a line from standard
 * input, and before them what waits for a person in a queue, as lines `{"queued":"<message>"}`. Writes `{ figures, checked, violations }` as JSON, and exits 1 when an invariant is broken.
 */
async function* itemsFrom(input: NodeJS.ReadableStream): AsyncGenerator<StoredItem> {
  for await (const line of createInterface({ input })) {
    if (line.trim() === '') continue;
    const read = JSON.parse(line);
    if (!('PK' in read)) queued.push(String(read.queued));
    else yield read;
  }
}

const queued: string[] = [];
const settled = process.argv.includes('--settled');
const picture = await readPicture(itemsFrom(process.stdin));
const { checked, violations } = examine(picture, { settled, mailed: settled, queued });
process.stdout.write(`${JSON.stringify({ figures: figuresOf(picture), checked, violations })}\n`);
process.exitCode = violations.length === 0 ? 0 : 1;
