import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startLocalRun } from '../../../infra/local/local-run.ts';
import { writeAssembly } from './fixture/assembly.ts';

const host = fileURLToPath(new URL('./fixture/host.ts', import.meta.url));

async function startHost(
  cdkOut: string,
  dataDir: string,
): Promise<{ child: ChildProcess; url: string; token: string }> {
  const child = spawn(process.execPath, [host, cdkOut, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout ?? child, 'data');
  return { child, ...JSON.parse(String(line)) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it('finishes after a SIGKILL what it had answered for, and leaves no database process behind', async () => {
  const home = mkdtempSync(join(tmpdir(), 'o2c-kill-'));
  const cdkOut = await writeAssembly(join(home, 'cdk.out'));
  const dataDir = join(home, 'data');
  const { child, url, token } = await startHost(cdkOut, dataDir);
  const ids = Array.from({ length: 8 }, (_, n) => `slow-${n}`);
  const answers = await Promise.all(
    ids.map((id) =>
      fetch(`${url}/v1/things/${id}`, { method: 'POST', headers: { authorization: `Bearer ${token}` } }),
    ),
  );
  expect(answers.map((answer) => answer.status)).toEqual(ids.map(() => 201));

  // Every task takes half a second, so events, mails and workflows are under way, and some not even read from the stream.
  const database = Number(readFileSync(join(dataDir, 'dynoxide.pid'), 'utf8'));
  child.kill('SIGKILL');
  await once(child, 'exit');
  await expect.poll(() => isAlive(database), { timeout: 5000 }).toBe(false);

  const run = await startLocalRun({ port: 0, dataDir, cdkOut, fresh: false, quiet: true });
  await run.quiesce(25_000);
  const done = new Set<string>();
  for await (const item of run.scanTable()) if (item['SK'] === 'STEP#second') done.add(String(item['PK']));
  expect([...done].sort()).toEqual(ids.map((id) => `THING#${id}`).sort());
  const subjects = new Set(run.mailbox.list().map((mail) => mail.subject));
  expect(subjects.size).toBe(8);
  expect(run.executions.list({ status: 'RUNNING' })).toEqual([]);
  expect(run.queues.list()).toEqual([]);
  await run.stop();
  expect(existsSync(join(dataDir, 'dynoxide.pid'))).toBe(false);
}, 60_000);
