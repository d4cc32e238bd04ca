import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** What oxlint says of `source` planted as `file` for a moment. */
async function lint(file: string, source: string): Promise<string> {
  const path = join(root, file);
  await writeFile(path, source);
  try {
    const { stdout } = await promisify(execFile)(join(root, 'node_modules/.bin/oxlint'), [path], {
      cwd: root,
    });
    return stdout;
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
  } finally {
    await rm(path, { force: true });
  }
}

const violations = [
  [
    'the kernel imports the project',
    'shared/kernel',
    '../table/keys.ts',
    'The kernel imports nothing of the project',
  ],
  [
    'a decision touches the table',
    'shared/order',
    '../table/keys.ts',
    "Only a noun's *-store.ts touches the table",
  ],
  ['a decision calls AWS', 'shared/order', '@aws-sdk/client-dynamodb', 'AWS clients live in shared/table'],
  [
    'shared imports a function',
    'shared/http',
    '../../functions/http/orders.ts',
    'shared imports neither functions',
  ],
  ['a function imports another', 'functions/http', './orders.ts', 'never each other'],
  ['a function calls AWS by itself', 'functions/http', '@aws-sdk/client-ses', 'AWS clients live in shared'],
  [
    'the local run imports shared',
    'infra/local',
    '#shared/table/keys.ts',
    'it imports neither functions nor shared',
  ],
] as const;

describe('the import boundaries', () => {
  it.each(violations)('are a lint error when %s', async (_, folder, specifier, message) => {
    const name = `canary-${process.pid}-${Math.random().toString(36).slice(2)}.ts`;
    expect(await lint(`${folder}/${name}`, `export * from '${specifier}';\n`)).toContain(message);
  });

  it('let a store touch the table', async () => {
    const name = `canary-${process.pid}-store.ts`;
    expect(await lint(`shared/order/${name}`, "export * from '../table/keys.ts';\n")).not.toContain(
      'no-restricted-imports',
    );
  });
});
