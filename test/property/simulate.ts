import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const runner = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const file = 'test/property/order-to-cash.test.ts';

/** Histories that one process lives; small enough that progress is seen, large enough that starting it is not. */
const PART = 500;

type Outcome = { readonly passed: boolean; readonly output: string };

function live(seed: number, histories: number): Promise<Outcome> {
  const env = { ...process.env, CI: 'true', SEED: String(seed), HISTORIES: String(histories) };
  const args = [runner, 'run', '--reporter=verbose', file];
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd: root, env, maxBuffer: 2 ** 28 }, (error, stdout, stderr) =>
      done({ passed: error === null, output: stdout + stderr }),
    );
  });
}

function optionOf(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new RangeError(`--${name} must be a whole number above 0, not "${text}"`);
}

/**
 * `npm run simulate`: lives 20,000 histories of the business (and a third and a tenth as many of two special kinds, see
 * {@link file}), a part in each process, one process a core. Ends at the first part that breaks an invariant, and says
 * how to see it again; `--seed 7 --histories 2000` lives the same 2,000 each time.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { histories: { type: 'string', default: '20000' }, seed: { type: 'string' } },
  });
  const histories = optionOf('histories', values.histories);
  const first = values.seed === undefined ? randomInt(1, 1_000_000_000) : optionOf('seed', values.seed);
  const tell = (text: string) => void process.stdout.write(`${text}\n`);
  tell(
    `${histories} histories from seed ${first}: npm run simulate -- --seed ${first} --histories ${histories}`,
  );

  const started = Date.now();
  const parts = Array.from({ length: Math.ceil(histories / PART) }, (_, index) => ({
    seed: first + index,
    histories: Math.min(PART, histories - index * PART),
  }));
  let lived = 0;
  let broken = false;
  const work = async (): Promise<void> => {
    for (let part = parts.shift(); part && !broken; part = parts.shift()) {
      const { passed, output } = await live(part.seed, part.histories);
      if (!passed) {
        broken = true;
        tell(
          `${output}\nBroken. Again: SEED=${part.seed} HISTORIES=${part.histories} npx vitest run ${file}`,
        );
        return;
      }
      lived += part.histories;
      tell(`${lived} of ${histories} held every invariant, ${Math.round((Date.now() - started) / 1000)} s`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  if (broken) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
