import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../infra/bundle.ts';
import { makeApp } from '../../infra/synth.ts';
import { measureColdStart } from './cold-start.ts';
import { measureCycles } from './cycle.ts';
import { machine } from './machine.ts';
import { measureRendering } from './rendering.ts';
import {
  bundleReport,
  coldStartReport,
  cycleReport,
  renderingReport,
  roundTripReport,
  section,
} from './report.ts';
import { measureRoundTrips } from './round-trips.ts';

const method = [
  `Machine: ${machine()}`,
  '(a) esbuild as for a deployment; budgets are those of test/bench/budgets.json, held by CI.',
  '(b) A new Node process loads the bundle of http-orders and serves one GET; table: dynoxide on this machine.',
  '(c) Bundles called one by one; a counter before the table adds one for each request that came after another ended.',
  '(d) The local run (bundles, templates, stream, bus, workflows) with every function warm; its meter is set to zero',
  '    once customer, products and stock are there. Units are exact, GB-seconds are those of this machine.',
  '(e) The bundle of render-document in this process, ten calls to warm it up, then 40; table: dynoxide.',
];

/** `npm run bench`: what the system weighs, how fast it is awake, and what an order costs. */
async function main(): Promise<void> {
  const tell = (text: string) => void process.stdout.write(`${text}\n`);
  tell(section('Method', method));
  tell(bundleReport(await bundle()));
  tell(coldStartReport(await measureColdStart()));
  tell(roundTripReport(await measureRoundTrips()));
  tell(renderingReport(await measureRendering()));
  const outdir = await mkdtemp(join(tmpdir(), 'o2c-bench-cdk-'));
  try {
    const app = await makeApp({ outdir, bundles: 'as built' });
    app.synth();
    for (const cycle of await measureCycles(outdir)) tell(cycleReport(cycle));
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}

await main();
