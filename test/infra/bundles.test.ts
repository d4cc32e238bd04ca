import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type FunctionName, functionNames, functions } from '../../infra/functions.ts';
import { resourcesOf, type Synthesised, synthesised } from './synthesised.ts';

let dev: Synthesised;
beforeAll(async () => {
  dev = await synthesised();
}, 180_000);
afterAll(() => {
  vi.unstubAllEnvs();
});

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

  it('loads neither PDF nor e-invoice code into functions that answer the API', () => {
    for (const name of functionNames.filter((each) => each.startsWith('http-'))) {
      const bundle = readFileSync(`${lambda(name).directory}/index.js`, 'utf8');
      for (const sign of [
        'PDFDocument',
        'fontkit',
        'CrossIndustryInvoice',
        'urn:oasis:names:specification:ubl',
      ]) {
        expect(bundle.includes(sign), `${name} has ${sign}`).toBe(false);
      }
    }
  });

  it('names the logo of the company as it lies beside the bundle', () => {
    const { directory, variables } = lambda('render-document');
    const { logo } = z.object({ logo: z.string() }).parse(JSON.parse(String(variables['COMPANY'])));
    expect(logo).toMatch(/^[0-9a-f]{16}\.png$/);
    expect(readdirSync(`${directory}/logos`)).toContain(logo);
  });
});
