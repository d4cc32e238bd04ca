import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { leaveOut, neverLoaded } from './bundle-diet.ts';
import { contextOfCdkJson } from './context.ts';
import { bundleDirectory, type FunctionName, functionNames, functions } from './functions.ts';
import { logosOf } from './logos.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const options = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  // CommonJS of the packages' ES modules: ES modules shake to half the size, CommonJS output starts faster.
  format: 'cjs',
  mainFields: ['module', 'main'],
  conditions: ['module', 'import'],
  // CommonJS output has no `import.meta`; pdfkit asks it where it lies as soon as it is loaded.
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: `"use strict";const importMetaUrl=require('node:url').pathToFileURL(__filename).href;` },
  minify: true,
  sourcemap: 'external',
  sourcesContent: false,
  legalComments: 'none',
  charset: 'utf8',
  metafile: true,
  write: false,
  logLevel: 'silent',
  external: [...neverLoaded],
  outdir: 'dist',
} as const satisfies BuildOptions;

/** Bytes of the bundle of each function, and what they are made of. */
export type BundleSize = {
  readonly name: FunctionName;
  readonly bytes: number;
  readonly parts: readonly Part[];
};
type Part = { readonly package: string; readonly bytes: number };

/** A handler is missing or does not compile. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
}

/**
 * Bundles every function into `dist/functions/<group>/<name>/index.js`, with its source map beside it and, where
 * documents are rendered, what they are made with. A file is replaced whole and only when it changed, so a run that loads bundles from
 * there meanwhile is not disturbed.
 * @throws BundleError
 */
export async function bundle(): Promise<readonly BundleSize[]> {
  const missing = functionNames
    .map((name) => functions[name].entry)
    .filter((entry) => !existsSync(`${root}${entry}`));
  if (missing.length > 0)
    throw new BundleError(`infra/functions.ts names missing handlers: ${missing.join(', ')}`);

  const describing = functionNames.filter((name) => name === 'http-docs');
  const others = functionNames.filter((name) => name !== 'http-docs');
  const sizes = [
    ...(await write(describing, 'with JSON Schema')),
    ...(await write(others, 'without JSON Schema')),
  ];
  for (const name of functionNames) {
    const directory = `${root}${bundleDirectory(name)}`;
    // Without it, the package.json of the project would have it here and in cdk.out that `.js` is an ES module.
    replace(`${directory}/package.json`, Buffer.from('{"type":"commonjs"}\n'));
    if (functions[name].fonts) copyDocumentParts(directory);
  }
  return sizes;
}

async function write(
  names: readonly FunctionName[],
  jsonSchema: 'with JSON Schema' | 'without JSON Schema',
): Promise<readonly BundleSize[]> {
  try {
    const { metafile, outputFiles } = await build({
      ...options,
      plugins: [leaveOut(root, jsonSchema)],
      entryPoints: names.map((name) => ({
        in: functions[name].entry,
        out: `${bundleDirectory(name).replace(/^dist\//, '')}/index`,
      })),
    });
    for (const { path, contents } of outputFiles) replace(path, contents);
    return names.map((name) => sizeOf(name, metafile));
  } catch (error) {
    throw new BundleError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function replace(path: string, contents: Uint8Array): void {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, contents);
  renameSync(beside, path);
}

/** Fonts, every logo of the company, and the colour profile where pdfkit looks for it. */
function copyDocumentParts(directory: string): void {
  const packages = `${root}node_modules`;
  for (const font of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf']) {
    replace(`${directory}/fonts/${font}`, readFileSync(`${packages}/dejavu-fonts-ttf/ttf/${font}`));
  }
  const profile = 'data/sRGB_IEC61966_2_1.icc';
  replace(`${directory}/${profile}`, readFileSync(`${packages}/pdfkit/js/${profile}`));
  for (const [name, bytes] of logosOf(contextOfCdkJson())) replace(`${directory}/logos/${name}`, bytes);
}

function sizeOf(name: FunctionName, metafile: Metafile): BundleSize {
  const output = metafile.outputs[`${bundleDirectory(name)}/index.js`];
  if (output === undefined) throw new Error(`esbuild wrote no bundle for ${name}`);
  const byPackage = new Map<string, number>();
  for (const [file, { bytesInOutput }] of Object.entries(output.inputs)) {
    const part = packageOf(file);
    byPackage.set(part, (byPackage.get(part) ?? 0) + bytesInOutput);
  }
  const parts = [...byPackage].map(([part, bytes]) => ({ package: part, bytes }));
  return { name, bytes: output.bytes, parts: parts.sort((a, b) => b.bytes - a.bytes) };
}

function packageOf(file: string): string {
  const inPackage = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file);
  return inPackage?.[1] ?? file.split('/')[0] ?? file;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sizes = await bundle();
  for (const { name, bytes, parts } of sizes.toSorted((a, b) => b.bytes - a.bytes)) {
    const largest = parts.slice(0, 6).map((part) => `${part.package} ${kilobytes(part.bytes)}`);
    console.log(`${name.padEnd(18)} ${kilobytes(bytes).padStart(9)}  ${largest.join(', ')}`);
  }
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`;
}
