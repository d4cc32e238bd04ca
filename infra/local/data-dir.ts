import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { endLeftover } from './dynamodb/dynoxide.ts';
import { LocalRunError } from './errors.ts';
import { State } from './state.ts';

/** All that the local run keeps in its data directory, and so all that `fresh` removes. */
const contents = [
  'mail',
  'files',
  'logs',
  'pid',
  'scenario.json',
  'rejects',
  ...withJournals('state.sqlite'),
  ...withJournals('table.sqlite'),
];

/**
 * Opens the data directory and locks it; ends a database process that a killed run left behind.
 * @param fresh empties it first
 * @throws LocalRunError when another process uses it or it is damaged
 */
export function openDataDir(dataDir: string, fresh: boolean): State {
  if (fresh) {
    const held = openOrUndefined(dataDir);
    endLeftover(dataDir);
    held?.close();
    for (const name of contents) rmSync(join(dataDir, name), { recursive: true, force: true });
  }
  const state = State.open(dataDir);
  endLeftover(dataDir);
  return state;
}

/** Damage is no hindrance to emptying; another run is. */
function openOrUndefined(dataDir: string): State | undefined {
  try {
    return State.open(dataDir);
  } catch (error) {
    if (error instanceof LocalRunError && error.message.startsWith('Another')) throw error;
    return undefined;
  }
}

function withJournals(file: string): string[] {
  return [file, `${file}-wal`, `${file}-shm`, `${file}-journal`];
}
