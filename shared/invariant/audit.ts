import { createInterface } from 'node:readline';
import { examine } from './check-invariants.ts';
import { figuresOf } from './figures.ts';
import { readPicture, type StoredItem } from './read-picture.ts';

/**
 * `node shared/invariant/audit.ts [--settled]`: reads every item of the table as one JSON object a line from standard
 * input, writes `{ figures, checked, violations }` as JSON, and exits 1 when an invariant is broken.
 */
async function* itemsFrom(input: NodeJS.ReadableStream): AsyncGenerator<StoredItem> {
  for await (const line of createInterface({ input })) {
    if (line.trim() !== '') yield JSON.parse(line);
  }
}

const settled = process.argv.includes('--settled');
const picture = await readPicture(itemsFrom(process.stdin));
const { checked, violations } = examine(picture, { settled, mailed: settled });
process.stdout.write(`${JSON.stringify({ figures: figuresOf(picture), checked, violations })}\n`);
process.exitCode = violations.length === 0 ? 0 : 1;
