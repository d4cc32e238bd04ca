import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Ended, freePort, Started, takePort } from './start.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'o2c-bad-start-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

function start(args: readonly string[], nodeOptions?: readonly string[]): Promise<Ended> {
  return new Started(['--once', ...args], nodeOptions).ended();
}

/** What a refused start says: one line with all of `words`, nothing on standard output, and exit code 1. */
async function refusal(ended: Promise<Ended>, words: readonly string[]) {
  const { status, stdout, stderr } = await ended;
  return {
    status,
    stdout,
    lines: stderr.trimEnd().split('\n').length,
    unsaid: missing(stderr, words),
    stderr,
  };
}
const missing = (text: string, words: readonly string[]) => words.filter((word) => !text.includes(word));
const refused = { status: 1, stdout: '', lines: 1, unsaid: [] };

it('says which port is in use and how to take another', async () => {
  const { port, release } = await takePort();
  try {
    const ended = start(['--port', String(port), '--data', join(home, 'port')]);
    expect(await refusal(ended, [`Port ${port} is in use`, '--port'])).toMatchObject(refused);
  } finally {
    await release();
  }
});

it.each(['state.sqlite', 'table.sqlite'])('says that %s is damaged and how to begin again', async (file) => {
  const dataDir = join(home, `damaged-${file}`);
  await mkdir(dataDir);
  await writeFile(join(dataDir, file), 'no database at all, but long enough to be looked at '.repeat(100));
  const ended = start(['--port', String(await freePort()), '--data', dataDir]);
  expect(await refusal(ended, [file, 'damaged', '--fresh'])).toMatchObject(refused);
});

it('says which package to install where there is no local DynamoDB for the platform', async () => {
  const elsewhere = `data:text/javascript,Object.defineProperty(process, 'arch', { value: 'riscv64' })`;
  const ended = start(
    ['--port', String(await freePort()), '--data', join(home, 'platform')],
    ['--import', elsewhere],
  );
  const words = [`@dynoxide/${process.platform}-riscv64@`, 'DYNAMODB_ENDPOINT'];
  expect(await refusal(ended, words)).toMatchObject(refused);
});

it.each([
  [['--port', 'http'], '--port http: say a number from 1 to 65535.'],
  [['--days', '366'], '--days 366: say a number from 0 to 365.'],
  [['--orders', '/nowhere/orders.csv'], '/nowhere/orders.csv'],
  [['--order', 'x.csv'], '--order'],
])('says what is wrong with %s', async (args, words) => {
  const ended = start([...args, '--data', join(home, 'arguments')]);
  expect(await refusal(ended, [words])).toMatchObject(refused);
});
