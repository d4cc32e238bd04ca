import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';
import { z } from 'zod';

/**
 * Modules that the AWS SDK loads by `import()` when it needs them, which here is never: other ways to find credentials
 * than the environment variables that Lambda sets. Left outside they cost nothing; inside they are a third of a bundle.
 */
export const neverLoaded = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-login',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
] as const;

type Omission = { readonly file: RegExp; readonly instead: string };

/** DynamoDB's SDK makes this cache, and uses it only with endpoint discovery, which is off unless asked for. */
const endpointDiscovery: Omission = {
  file: /[/\\]@aws-sdk[/\\]endpoint-cache[/\\]dist-es[/\\]EndpointCache\.js$/,
  instead: 'export class EndpointCache {}',
};

/** WOFF2 fonts are packed with brotli, which brings a dictionary of half a megabyte. Ours are plain TrueType. */
const packedFonts: Omission = {
  file: /[/\\]brotli[/\\]decompress\.js$/,
  instead: `module.exports = () => {
    throw new Error('WOFF2 fonts are left out of this bundle; see infra/bundle-diet.ts');
  };`,
};

/** Tables of East Asian characters: banks that write their statements in those are not read. */
const multibyteTables: Omission = {
  file: /[/\\]iconv-lite[/\\]encodings[/\\]dbcs-data\.js$/,
  instead: 'module.exports = {};',
};

/** Lambda's client loads these at once, other clients when they need them: no call of ours is answered by a stream. */
const eventStreams: Omission = {
  file: /[/\\]@smithy[/\\]core[/\\]dist-es[/\\]submodules[/\\]event-streams[/\\]index\.js$/,
  instead: `const leftOut = () => {
      throw new Error('Event streams are left out of this bundle; see infra/bundle-diet.ts');
    };
    export const resolveEventStreamSerdeConfig = (config) => config;
    export { leftOut as eventStreamSerdeProvider, leftOut as EventStreamSerde };`,
};

const noJsonSchema = `const leftOut = () => {
  throw new Error('JSON Schema is left out of this bundle; see infra/bundle-diet.ts');
};`;

/** Zod can tell its schemas as JSON Schema; only the description of the API does. */
const jsonSchema: readonly Omission[] = [
  {
    file: /[/\\]zod[/\\]v4[/\\]core[/\\]to-json-schema\.js$/,
    instead: `${noJsonSchema}
      export const createToJSONSchemaMethod = () => leftOut;
      export const createStandardJSONSchemaMethod = () => leftOut;
      export { leftOut as extractDefs, leftOut as finalize, leftOut as initializeContext, leftOut as processSchema };`,
  },
  {
    file: /[/\\]zod[/\\]v4[/\\]core[/\\]json-schema-processors\.js$/,
    instead: `${noJsonSchema}
      export const allProcessors = {};
      export { leftOut as aggregateChecks, leftOut as toJSONSchema };`,
  },
];

const Manifest = z.object({ version: z.string() });

/**
 * Leaves out of a bundle what packages carry and nothing here calls. It looks for files by their names in the versions
 * of the lock file: should an update move one, it is bundled again, and the size budget of the bench tells.
 */
export function leaveOut(root: string, schemas: 'with JSON Schema' | 'without JSON Schema'): Plugin {
  const omissions = [
    endpointDiscovery,
    eventStreams,
    packedFonts,
    multibyteTables,
    ...(schemas === 'with JSON Schema' ? [] : jsonSchema),
  ];
  return {
    name: 'leave-out',
    setup(build) {
      for (const { file, instead } of omissions) {
        build.onLoad({ filter: file }, () => ({ contents: instead, loader: 'js', resolveDir: root }));
      }
      // A client tells AWS its version, and bundles its whole package.json for that.
      build.onLoad({ filter: /[/\\]@aws-sdk[/\\]client-[\w-]+[/\\]package\.json$/ }, ({ path }) => {
        const { version } = Manifest.parse(JSON.parse(readFileSync(path, 'utf8')));
        return { contents: JSON.stringify({ version }), loader: 'json' };
      });
    },
  };
}
