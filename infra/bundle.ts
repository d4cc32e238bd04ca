import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';
import { bundleDirectory, type FunctionName, functionNames, functions } from './functions.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Ways to find credentials that a Lambda never takes: its own come in environment variables. They are loaded by
 * `import()` only when those are missing, so left outside they cost nothing, and inside a third of a bundle.
 */
const unusedCredentialProviders = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-login',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

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
  external: unusedCredentialProviders,
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
 * Bundles every function into `dist/functions/<group>/<name>/index.js`, with its source map beside it and the fonts
 * where documents are rendered. A file is replaced whole and only when it changed, so a run that loads bundles from
 * there meanwhile is not disturbed.
 * @throws BundleError
 */
export function bundle(): readonly BundleSize[] {
  const missing = functionNames
    .map((name) => functions[name].entry)
    .filter((entry) => !existsSync(`${root}${entry}`));
  if (missing.length > 0)
    throw new BundleError(`infra/functions.ts names missing handlers: ${missing.join(', ')}`);

  const { metafile, outputFiles } = build();
  for (const { path, contents } of outputFiles) replace(path, contents);
  for (const name of functionNames)
    if (functions[name].fonts) copyFonts(`${root}${bundleDirectory(name)}/fonts`);
  return sizesOf(metafile);
}

function build() {
  try {
    return buildSync({
      ...options,
      entryPoints: functionNames.map((name) => ({
        in: functions[name].entry,
        out: `${bundleDirectory(name).replace(/^dist\//, '')}/index`,
      })),
    });
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

function copyFonts(directory: string): void {
  for (const font of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf']) {
    replace(`${directory}/${font}`, readFileSync(`${root}node_modules/dejavu-fonts-ttf/ttf/${font}`));
  }
}

function sizesOf(metafile: Metafile): readonly BundleSize[] {
  return functionNames.map((name) => {
    const output = metafile.outputs[`${bundleDirectory(name)}/index.js`];
    if (output === undefined) throw new Error(`esbuild wrote no bundle for ${name}`);
    const byPackage = new Map<string, number>();
    for (const [file, { bytesInOutput }] of Object.entries(output.inputs)) {
      const part = packageOf(file);
      byPackage.set(part, (byPackage.get(part) ?? 0) + bytesInOutput);
    }
    const parts = [...byPackage]
      .map(([part, bytes]) => ({ package: part, bytes }))
      .sort((a, b) => b.bytes - a.bytes);
    return { name, bytes: output.bytes, parts };
  });
}

function packageOf(file: string): string {
  const inPackage = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file);
  return inPackage?.[1] ?? file.split('/')[0] ?? file;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sizes = bundle();
  for (const { name, bytes, parts } of sizes.toSorted((a, b) => b.bytes - a.bytes)) {
    const largest = parts.slice(0, 6).map((part) => `${part.package} ${kilobytes(part.bytes)}`);
    console.log(`${name.padEnd(18)} ${kilobytes(bytes).padStart(9)}  ${largest.join(', ')}`);
  }
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`;
}
