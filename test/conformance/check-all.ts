import { Worker } from 'node:worker_threads';
import type { Verdict } from './check-document.ts';
import type { CompiledRules, RuleSet } from './rules.ts';

export type Candidate = { readonly xml: string; readonly sets: readonly RuleSet[] };

const WORKERS = 2;

/** The verdicts on many documents, in their order, by two workers that take every other one. */
export async function checkAll(
  rules: CompiledRules,
  candidates: readonly Candidate[],
): Promise<readonly Verdict[]> {
  const shares = Array.from({ length: WORKERS }, (_, worker) =>
    candidates.filter((_candidate, index) => index % WORKERS === worker),
  );
  const answers = await Promise.all(shares.map((documents) => inWorker({ rules, documents })));
  return candidates.map((_, index) => {
    const verdict = answers[index % WORKERS]?.[Math.floor(index / WORKERS)];
    if (verdict === undefined) throw new Error(`document ${index} was not checked`);
    return verdict;
  });
}

function inWorker(workerData: unknown): Promise<readonly Verdict[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./check-worker.ts', import.meta.url), { workerData });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the worker ended with ${code} before it answered`)));
  });
}
