import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Listens on a port that was free. */
export async function takePort(): Promise<{ port: number; release: () => Promise<void> }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.int() }).parse(server.address());
  return {
    port,
    async release() {
      server.close();
      await once(server, 'close');
    },
  };
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const { port, release } = await takePort();
  await release();
  return port;
}

/** How a process ended, and what it said. */
export type Ended = { status: number | null; stdout: string; stderr: string };

/** `npm start -- ...args`, in a process of its own. */
export class Started {
  readonly #child: ChildProcess;
  readonly #ended: Promise<Ended>;
  #stderr = '';
  #stdout = '';
  #waiting: (() => void)[] = [];

  /** @param nodeOptions for Node itself, before the script */
  constructor(args: readonly string[], nodeOptions: readonly string[] = []) {
    this.#child = spawn(process.execPath, [...nodeOptions, 'infra/local/start.ts', ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => (this.#stdout += chunk.toString()));
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString();
      for (const check of this.#waiting) check();
    });
    this.#ended = once(this.#child, 'close').then(([status]) => ({
      status: z.int().nullable().parse(status),
      stdout: this.#stdout,
      stderr: this.#stderr,
    }));
  }

  ended(): Promise<Ended> {
    return this.#ended;
  }

  /** Resolves as soon as standard error holds `text`. @throws Error when the process ends without it */
  async says(text: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<'said'>();
    const check = () => {
      if (this.#stderr.includes(text)) resolve('said');
    };
    this.#waiting.push(check);
    check();
    const first = await Promise.race([promise, this.#ended]);
    if (first !== 'said') throw new Error(`it ended without saying "${text}": ${first.stderr}`);
  }

  /** As the power does it: SIGKILL. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
