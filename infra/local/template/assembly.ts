import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { LocalRunError, messageOf } from '../errors.ts';

const Resource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Condition: z.string().optional(),
});

const Template = z.object({
  Resources: z.record(z.string(), Resource).default({}),
  Parameters: z.record(z.string(), z.object({ Default: z.unknown().optional() })).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
  Outputs: z
    .record(z.string(), z.object({ Value: z.unknown(), Export: z.object({ Name: z.unknown() }).optional() }))
    .default({}),
});

const AssetManifest = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string().optional() }),
        destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

const Manifest = z.object({
  artifacts: z
    .record(z.string(), z.object({ type: z.string(), environment: z.string().optional() }))
    .default({}),
});

export type Stack = { name: string; template: z.infer<typeof Template> };
export type FoundResource = {
  stack: Stack;
  logicalId: string;
  type: string;
  properties: Record<string, unknown>;
};

/** What `cdk synth` wrote: the stacks' templates and where each asset that would be uploaded lies on disk. */
export type Assembly = {
  dir: string;
  region: string;
  stacks: Map<string, Stack>;
  /** Upload key in the assets bucket → path on disk. */
  assets: Map<string, string>;
};

/**
 * Reads the output directory of `cdk synth`.
 * @throws LocalRunError when there is none, or when it can't be read
 */
export function readAssembly(cdkOut: string): Assembly {
  const dir = resolve(cdkOut);
  const files = existsSync(dir) ? readdirSync(dir) : [];
  const templates = files.filter((file) => file.endsWith('.template.json'));
  if (templates.length === 0) {
    throw new LocalRunError(`No synthesised template in ${dir}: run \`npx cdk synth\` first`);
  }
  const stacks = new Map<string, Stack>();
  for (const file of templates) {
    const name = basename(file, '.template.json');
    stacks.set(name, { name, template: readJson(join(dir, file), Template) });
  }
  const assets = new Map<string, string>();
  for (const file of files.filter((each) => each.endsWith('.assets.json'))) {
    for (const asset of Object.values(readJson(join(dir, file), AssetManifest).files)) {
      if (asset.source.path === undefined) continue;
      for (const { objectKey } of Object.values(asset.destinations))
        assets.set(objectKey, join(dir, asset.source.path));
    }
  }
  return { dir, region: readRegion(join(dir, 'manifest.json')), stacks, assets };
}

/** Every resource of a type, over all stacks, in template order. */
export function resourcesOf(assembly: Assembly, ...types: string[]): FoundResource[] {
  const found: FoundResource[] = [];
  for (const stack of assembly.stacks.values()) {
    for (const [logicalId, resource] of Object.entries(stack.template.Resources)) {
      if (!types.includes(resource.Type)) continue;
      found.push({ stack, logicalId, type: resource.Type, properties: resource.Properties });
    }
  }
  return found;
}

/** The region the stacks are bound to; us-east-1 (that of the price list) when they are not. */
function readRegion(manifestFile: string): string {
  if (!existsSync(manifestFile)) return 'us-east-1';
  for (const artifact of Object.values(readJson(manifestFile, Manifest).artifacts)) {
    const region = artifact.environment?.split('/').at(-1);
    if (artifact.type === 'aws:cloudformation:stack' && region !== undefined && region !== 'unknown-region')
      return region;
  }
  return 'us-east-1';
}

function readJson<T>(file: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new LocalRunError(`${file} can't be read (${messageOf(error)}): run \`npx cdk synth\` again`);
  }
}
