import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LocalRunError, messageOf } from '../errors.ts';
import { checkSound } from '../state.ts';

/** The version the design was checked against. */
const packageVersion = '1.2.1';

/**
 * The dynoxide process. It dies with this one: a shell between the two waits for the end of a pipe that closes however
 * this process ends, SIGKILL too. Where there is no shell (Windows) the next start ends a leftover by its pid file.
 */
export class Dynoxide {
  readonly endpoint: string;
  readonly #launch: () => ChildProcess;
  readonly #pidFile: string;
  readonly #died = Promise.withResolvers<string>();
  #child: ChildProcess;
  #onRestart: ((lastWords: string) => void) | undefined;
  #restarts = 0;
  #stopping = false;

  private constructor(endpoint: string, pidFile: string, launch: () => ChildProcess) {
    this.endpoint = endpoint;
    this.#pidFile = pidFile;
    this.#launch = launch;
    this.#child = this.#watch(launch());
  }

  /**
   * Looks whether it could start, over the table in `dataDir` if one is given.
   * @throws LocalRunError when there is no dynoxide for this platform, or the file is damaged
   */
  static check(dataDir?: string): void {
    findBinary();
    if (dataDir !== undefined) checkFile(join(dataDir, 'table.sqlite'));
  }

  /**
   * Starts it over `table.sqlite` in the data directory.
   * @throws LocalRunError when there is no dynoxide for this platform, or the file is damaged
   */
  static async start(dataDir: string): Promise<Dynoxide> {
    const binary = findBinary();
    const file = join(dataDir, 'table.sqlite');
    const pidFile = pidFileIn(dataDir);
    checkFile(file);
    const port = await freePort();
    const args = ['--host', '127.0.0.1', '--port', String(port), '--db-path', file];
    return new Dynoxide(`http://127.0.0.1:${port}`, pidFile, () => spawnUnder(binary, args, pidFile));
  }

  /** Resolves, with what it said last, when it has ended on its own and is not started again. */
  get died(): Promise<string> {
    return this.#died.promise;
  }

  /** From now on it is started again should it end; callers see a few failed requests, as they may on AWS. */
  keepAlive(onRestart: (lastWords: string) => void): void {
    this.#onRestart = onRestart;
  }

  #watch(child: ChildProcess): ChildProcess {
    let lastWords = '';
    child.stderr?.on('data', (chunk: Buffer) => (lastWords = `${lastWords}${chunk.toString()}`.slice(-500)));
    child.on('exit', (code) => {
      if (this.#stopping) return;
      const said = lastWords.trim().replaceAll(/\s+/g, ' ') || `exit code ${code}`;
      this.#restarts += 1;
      if (this.#onRestart === undefined || this.#restarts > 5) return this.#died.resolve(said);
      this.#child = this.#watch(this.#launch());
      this.#onRestart(said);
    });
    return child;
  }

  /**
   * Two indexes on its stream records. Without them dynoxide 1.2.1 looks through all records at every write, and a few
   * thousand orders take five times as long.
   */
  static speedUpStream(dataDir: string): void {
    const db = new DatabaseSync(join(dataDir, 'table.sqlite'), { timeout: 5000 });
    try {
      db.exec(`
        CREATE INDEX IF NOT EXISTS local_run_records_by_number ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
        CREATE INDEX IF NOT EXISTS local_run_records_by_shard ON _stream_records (table_name, shard_id, CAST(sequence_number AS INTEGER));
      `);
    } finally {
      db.close();
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const ended = new Promise<void>((resolve) => {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) resolve();
      else this.#child.once('exit', () => resolve());
    });
    this.#child.stdin?.end();
    if (process.platform === 'win32') this.#child.kill();
    await ended;
    rmSync(this.#pidFile, { force: true });
  }
}

function findBinary(): string {
  const name = `@dynoxide/${process.platform}-${process.arch}`;
  const executable = process.platform === 'win32' ? 'dynoxide.exe' : 'dynoxide';
  try {
    const dir = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    const binary = join(dir, executable);
    if (!existsSync(binary)) throw new Error(`${binary} is missing`);
    if (process.platform !== 'win32') chmodSync(binary, 0o755);
    return binary;
  } catch {
    throw new LocalRunError(
      `No local DynamoDB for ${process.platform}-${process.arch}: run \`npm i --no-save ${name}@${packageVersion}\`, or start DynamoDB Local and set DYNAMODB_ENDPOINT=http://localhost:8000`,
    );
  }
}

function spawnUnder(binary: string, args: string[], pidFile: string): ChildProcess {
  if (process.platform === 'win32') {
    const child = spawn(binary, args, { stdio: ['pipe', 'ignore', 'pipe'] });
    writeFileSync(pidFile, String(child.pid));
    return child;
  }
  // Killing is safe: what SQLite has answered for is in its journal.
  const script = `exec 3<&0
"$@" </dev/null 3<&- & child=$!
echo $child > "$PID_FILE"
( read -r line <&3; kill -KILL $child ) 2>/dev/null & watcher=$!
exec 3<&-
wait $child; status=$?
kill $watcher 2>/dev/null
exit $status`;
  return spawn('/bin/sh', ['-c', script, 'dynoxide', binary, ...args], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...process.env, PID_FILE: pidFile },
    // Ctrl-C reaches the whole foreground group; this process decides when the database goes.
    detached: true,
  });
}

function pidFileIn(dataDir: string): string {
  return join(dataDir, 'dynoxide.pid');
}

/** Ends a dynoxide that outlived the process which started it: two on one file would spoil it. */
export function endLeftover(dataDir: string): void {
  const pidFile = pidFileIn(dataDir);
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  if (!Number.isInteger(pid) || pid <= 1 || !looksLikeDynoxide(pid)) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

/** Process numbers are given out again, so where the system tells a process's name it is looked at. */
function looksLikeDynoxide(pid: number): boolean {
  const commandLine = `/proc/${pid}/cmdline`;
  if (existsSync(commandLine)) return readFileSync(commandLine, 'utf8').includes('dynoxide');
  return process.platform === 'win32';
}

function checkFile(file: string): void {
  if (!existsSync(file)) return;
  try {
    const db = new DatabaseSync(file, { timeout: 2000 });
    checkSound(db);
    db.close();
  } catch (error) {
    throw new LocalRunError(`${file} is damaged (${messageOf(error)}): start with --fresh`);
  }
}

function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const probe = createServer();
  probe.on('error', reject);
  probe.listen(0, '127.0.0.1', () => {
    const address = probe.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    probe.close(() => resolve(port));
  });
  return promise;
}
