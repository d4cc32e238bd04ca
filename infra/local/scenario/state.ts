import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

/** Where a file's trading stands: its first day, and how many days of it are over. */
const Trading = z.strictObject({ start: z.iso.date(), daysDone: z.int().min(0) });
type Trading = z.infer<typeof Trading>;

/** What the scenarios remember between runs, in `.local/`. */
const Memory = z.strictObject({
  firstOrder: z.boolean().default(false),
  tradings: z.record(z.string(), Trading).default({}),
});
export type Memory = z.infer<typeof Memory>;

const fileIn = (dataDir: string) => join(dataDir, 'scenario.json');

export async function recall(dataDir: string): Promise<Memory> {
  try {
    return Memory.parse(JSON.parse(await readFile(fileIn(dataDir), 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Memory.parse({});
    throw error;
  }
}

/** Written beside and moved over, so that a kill leaves the old or the new, never half. */
export async function remember(dataDir: string, memory: Memory): Promise<void> {
  const file = fileIn(dataDir);
  await writeFile(`${file}.new`, JSON.stringify(memory, undefined, 2));
  await rename(`${file}.new`, file);
}
