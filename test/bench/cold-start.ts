import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startDynoxide } from '../builders/dynoxide.ts';
import { httpEvent } from '../builders/http-event.ts';
import { bundleFile, lambdaEnvironment } from './bundled-function.ts';
import { countCalls } from './call-counter.ts';
import { median } from './machine.ts';

const RUNS = 5;

/** Plain JavaScript, so that nothing but the function itself is loaded. */
const program =
  "require(process.env.BUNDLE).handler(JSON.parse(process.env.EVENT), { awsRequestId: 'bench' })";

export type ColdStart = {
  /** Milliseconds from the start of the process to the first answer of the table. */
  toFirstTableAnswer: number;
  /** Milliseconds that a Node process without any work takes, to begin and to end. */
  bareNode: number;
};

/** How long a function takes to get to work: `http-orders`, asked for an order. Medians of five processes each. */
export async function measureColdStart(): Promise<ColdStart> {
  const dynoxide = await startDynoxide();
  const counter = await countCalls(dynoxide.endpoint);
  try {
    const { name } = await dynoxide.newTable();
    const params = { orderId: 'ord_01kjpwdb94y87pd4xdmcqgc9wx' };
    const env = {
      ...process.env,
      ...lambdaEnvironment(counter.endpoint, name),
      BUNDLE: bundleFile('http-orders'),
      EVENT: JSON.stringify(httpEvent('getOrder', { params, as: { roles: ['admin'] } })),
    };
    const starts: number[] = [];
    const bare: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      counter.reset();
      const answered = counter.firstAnswerAt();
      const begun = performance.now();
      const ended = runNode(program, env);
      starts.push((await Promise.race([answered, failure(ended)])) - begun);
      await ended;
      const bareBegun = performance.now();
      await runNode('', env);
      bare.push(performance.now() - bareBegun);
    }
    return { toFirstTableAnswer: median(starts), bareNode: median(bare) };
  } finally {
    await counter.close();
    await dynoxide.stop();
  }
}

/** @throws Error with what it said when the process fails */
async function runNode(script: string, env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, ['-e', script], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const [status] = await once(child, 'exit');
  if (status !== 0) throw new Error(`the function did not start: ${complaint}`);
}

/** Rejects when the process fails, and never resolves. */
async function failure(ended: Promise<void>): Promise<never> {
  await ended;
  return new Promise<never>(() => {});
}
