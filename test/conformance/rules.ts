import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { dataFolder } from '../builders/data-folder.ts';

/** Where the official rules, schemas and examples lie; see the data folder's own README. */

const sources = {
  en16931: 'en16931/EN16931-UBL-validation.xslt',
  peppol: 'peppol/PEPPOL-EN16931-UBL-3.0.21.compiled.xslt',
} as const;
export type RuleSet = keyof typeof sources;

/** Compiled stylesheets, by rule set. */
export type CompiledRules = Readonly<Record<RuleSet, string>>;

/** Why nothing can be checked here, or undefined when all is there. */
export function missingData(): string | undefined {
  const needed = [...Object.values(sources), 'en16931/examples', 'ubl21-xsd/xsdrt/maindoc'];
  const absent = needed.filter((path) => !existsSync(join(dataFolder, path)));
  return absent.length === 0
    ? undefined
    : `no ${absent.join(', ')} in ${dataFolder}; set O2C_DATA to the folder with the official rules`;
}

/**
 * Compiles the rules to what saxon-js runs, side by side, unless this very text was compiled before: half a minute.
 * The results stay under node_modules, where git does not look.
 */
export async function compileRules(): Promise<CompiledRules> {
  const [en16931, peppol] = await Promise.all([compile('en16931'), compile('peppol')]);
  return { en16931, peppol };
}

async function compile(set: RuleSet): Promise<string> {
  const source = join(dataFolder, sources[set]);
  const digest = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
  const directory = resolve('node_modules/.cache/conformance');
  const compiled = join(directory, `${set}-${digest}.sef.json`);
  if (existsSync(compiled)) return compiled;
  mkdirSync(directory, { recursive: true });
  const beside = `${compiled}.${process.pid}`;
  const compiler = createRequire(import.meta.url).resolve('xslt3/xslt3.js');
  await promisify(execFile)(process.execPath, [compiler, `-xsl:${source}`, `-export:${beside}`, '-nogo']);
  renameSync(beside, compiled);
  return compiled;
}
