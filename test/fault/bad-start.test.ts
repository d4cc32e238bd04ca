import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Ended, Started } from './start.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'o2c-bad-start-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

function start(args: readonly string[], nodeOptions?: readonly string[]): Promise<Ended> {
  return new Started(['--once', ...args], nodeOptions).ended();
}

/** One line that says what happened and what to do, and nothing on standard output. */
function expectOneLine({ status, stdout, stderr }: Ended, saying: readonly string[]): void {
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  for (const words of saying) expect(stderr).toContain(words);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
}

it('says which port is in use and how to take another', async () => {
  const server = createServer().listen(4545, '127.0.0.1');
  await once(server, 'listening');
  try {
    const ended = await start(['--port', '4545', '--data', join(home, 'port')]);
    expectOneLine(ended, ['Port 4545 is in use', '--port']);
  } finally {
    server.close();
  }
});

it.each(['state.sqlite', 'table.sqlite'])('says that %s is damaged and how to begin again', async (file) => {
  const dataDir = join(home, `damaged-${file}`);
  await mkdir(dataDir);
  await writeFile(join(dataDir, file), 'no database at all, but long enough to be looked at '.repeat(100));
  const ended = await start(['--port', '4546', '--data', dataDir]);
  expectOneLine(ended, [file, 'damaged', '--fresh']);
});

it('says which package to install where there is no local DynamoDB for the platform', async () => {
  const elsewhere = `data:text/javascript,Object.defineProperty(process, 'arch', { value: 'riscv64' })`;
  const ended = await start(['--port', '4547', '--data', join(home, 'platform')], ['--import', elsewhere]);
  expectOneLine(ended, [`@dynoxide/${process.platform}-riscv64@`, 'DYNAMODB_ENDPOINT']);
});

it.each([
  [['--port', 'http'], '--port http: say a number from 1 to 65535.'],
  [['--days', '366'], '--days 366: say a number from 0 to 365.'],
  [['--orders', '/nowhere/orders.csv'], '/nowhere/orders.csv'],
  [['--order', 'x.csv'], '--order'],
])('says what is wrong with %s', async (args, words) => {
  expectOneLine(await start([...args, '--data', join(home, 'arguments')]), [words]);
});
