import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = `${root}node_modules/.cache/order-to-cash`;
const minute = 60_000;

const Properties = z.record(z.string(), z.unknown());
const Resource = z.looseObject({
  Type: z.string(),
  Properties: Properties.default({}),
  DeletionPolicy: z.string().optional(),
});
export type Resource = z.infer<typeof Resource>;
const Template = z.object({ Resources: z.record(z.string(), Resource), Outputs: Properties.default({}) });

/** What the stages of the tests have besides the context of `cdk.json`. */
const stages = {
  dev: {},
  prod: { alarmEmail: 'oncall@example.com' },
  stripe: { paymentProvider: 'stripe', stripePaymentMethods: ['card', 'sepa_debit'] },
} as const;
export type Stage = keyof typeof stages;

export type Synthesised = {
  /** The cloud assembly, as `cdk synth` writes it. */
  readonly directory: string;
  readonly data: z.infer<typeof Template>;
  readonly service: z.infer<typeof Template>;
  readonly monitoring: z.infer<typeof Template>;
};

/**
 * The templates of a stage, written by `infra/app.ts` in a process of its own. They are made once for the sources as
 * they are, whichever test asks first, in whichever worker; the others wait for it.
 */
export async function synthesised(stage: Stage = 'dev'): Promise<Synthesised> {
  const directory = `${cache}/${stage}-${hashOfSources()}`;
  const done = `${directory}/done`;
  while (!existsSync(done)) {
    if (takeLock(`${directory}.lock`)) {
      try {
        synthesise(stage, directory);
        writeFileSync(done, '');
      } finally {
        rmSync(`${directory}.lock`, { recursive: true, force: true });
      }
    } else await setTimeout(200);
  }
  const read = (stack: string) =>
    Template.parse(JSON.parse(readFileSync(`${directory}/o2c-${stage}-${stack}.template.json`, 'utf8')));
  return { directory, data: read('data'), service: read('service'), monitoring: read('monitoring') };
}

/** Resources of one type with their logical ids. */
export function resourcesOf(
  template: z.infer<typeof Template>,
  type: string,
): readonly (readonly [string, Resource])[] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

function synthesise(stage: Stage, directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  forgetOld();
  execFileSync(process.execPath, ['infra/app.ts'], {
    cwd: root,
    env: {
      ...process.env,
      CDK_OUTDIR: directory,
      CDK_CONTEXT_JSON: JSON.stringify({ stage, [`o2c:${stage}`]: stages[stage] }),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

function hashOfSources(): string {
  const hash = createHash('sha256');
  const sources = globSync(
    ['infra/**/*.ts', 'shared/**/*.ts', 'functions/**/*.ts', 'cdk.json', 'company/*', 'package-lock.json'],
    {
      cwd: root,
      exclude: ['infra/local/**'],
    },
  );
  for (const file of sources.sort()) hash.update(file).update(readFileSync(`${root}${file}`));
  return hash.digest('hex').slice(0, 16);
}

/** A lock whose owner was killed is taken over after two minutes; a synthesis takes seconds. */
function takeLock(lock: string): boolean {
  mkdirSync(cache, { recursive: true });
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > 2 * minute) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function forgetOld(): void {
  for (const entry of readdirSync(cache)) {
    const age =
      Date.now() - (statSync(`${cache}/${entry}`, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > 60 * minute) rmSync(`${cache}/${entry}`, { recursive: true, force: true });
  }
}
