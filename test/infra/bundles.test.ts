import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { bundleDirectory, type FunctionName, functionNamesWith, functions } from '../../infra/functions.ts';
import { resourcesOf, type Synthesised, synthesised } from './synthesised.ts';

let dev: Synthesised;
beforeAll(async () => {
  dev = await synthesised();
}, 180_000);
afterAll(() => {
  vi.unstubAllEnvs();
});

/** Those of a deployment with the sandbox: that of Stripe's webhook is tested with Stripe. */
const functionNames = functionNamesWith('sandbox');

const Lambda = z.object({
  FunctionName: z.string(),
  Code: z.object({ S3Key: z.string().endsWith('.zip') }),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});

function lambda(name: FunctionName) {
  const found = resourcesOf(dev.service, 'AWS::Lambda::Function').find(
    ([, { Properties }]) => Properties['FunctionName'] === `o2c-dev-${name}`,
  );
  const { Code, Environment } = Lambda.parse(found?.[1].Properties);
  return {
    directory: `${dev.directory}/asset.${Code.S3Key.replace('.zip', '')}`,
    variables: Environment.Variables,
  };
}

describe('what is uploaded', () => {
  it.each(functionNames)('for %s starts, and has a handler', (name) => {
    const { directory, variables } = lambda(name);
    vi.stubEnv('AWS_REGION', 'eu-west-2');
    for (const [variable, value] of Object.entries(variables)) {
      // What is not known before the deployment is an address, an ARN or a generated name.
      vi.stubEnv(variable, typeof value === 'string' ? value : 'https://known.after/deployment');
    }
    const { handler } = z
      .object({ handler: z.unknown() })
      .parse(createRequire(import.meta.url)(`${directory}/index.js`));
    expect(handler).toBeTypeOf('function');
  });

  it('is the bundle, and what documents are made with where they are; no source maps', () => {
    for (const name of functionNames) {
      const files = readdirSync(lambda(name).directory).toSorted();
      const parts = functions[name].fonts ? ['data', 'fonts', 'logos'] : [];
      expect(files, name).toEqual([...parts, 'index.js', 'package.json'].toSorted());
    }
    expect(readdirSync(`${lambda('deliver-document').directory}/fonts`).toSorted()).toEqual([
      'DejaVuSans-Bold.ttf',
      'DejaVuSans.ttf',
    ]);
  });

  it('names the logo of the company as it lies beside the bundle', () => {
    const { directory, variables } = lambda('render-document');
    const { logo } = z.object({ logo: z.string() }).parse(JSON.parse(String(variables['COMPANY'])));
    expect(logo).toMatch(/^[0-9a-f]{16}\.png$/);
    expect(readdirSync(`${directory}/logos`)).toContain(logo);
  });

  it.each(functionNames.filter((name) => functions[name].entry.startsWith('functions/http/')))(
    'for %s has no code that makes PDFs or e-invoices',
    (name) => {
      const { sources } = z
        .object({ sources: z.array(z.string()).min(1) })
        .parse(JSON.parse(readFileSync(`${bundleDirectory(name)}/index.js.map`, 'utf8')));
      expect(sources.filter((source) => /pdfkit|shared\/e-invoice\//.test(source))).toEqual([]);
    },
  );
});
