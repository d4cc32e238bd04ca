import { join } from 'node:path';
import { z } from 'zod';
import { LocalRunError } from '../errors.ts';
import { type Assembly, type FoundResource, resourcesOf } from '../template/assembly.ts';
import type { Place } from '../template/attributes.ts';
import type { Resolver } from '../template/intrinsics.ts';

const FunctionProperties = z.object({
  Handler: z.string(),
  Runtime: z.string().startsWith('nodejs'),
  Timeout: z.number().default(3),
  MemorySize: z.number().default(128),
  Code: z.object({ S3Key: z.string() }),
  Environment: z
    .object({ Variables: z.record(z.string(), z.coerce.string()).default({}) })
    .default({ Variables: {} }),
  DeadLetterConfig: z.object({ TargetArn: z.string() }).optional(),
  LoggingConfig: z.object({ SystemLogLevel: z.string().default('INFO') }).default({ SystemLogLevel: 'INFO' }),
});

const InvokeConfig = z.object({
  FunctionName: z.string(),
  MaximumRetryAttempts: z.number().optional(),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string() }).optional() }).optional(),
});

/** A Lambda function as the template declares it. */
export type DeployedFunction = {
  name: string;
  arn: string;
  /** Directory that would be uploaded, and the file and export in it. */
  dir: string;
  file: string;
  exportName: string;
  timeoutMs: number;
  memoryMb: number;
  environment: Record<string, string>;
  /** Whether Lambda logs the start and end of each call, which it does not from system log level WARN on. */
  logsCalls: boolean;
  /** How often an event is tried again when the function fails, and where it goes then. */
  retryAttempts: number;
  onFailure: { arn: string; kind: 'destination' | 'deadLetter' } | undefined;
};

/**
 * Every function of the template whose code is an asset in cdk.out.
 * @throws LocalRunError when a function can't be run here
 */
export function readFunctions(
  assembly: Assembly,
  resolver: Resolver,
  place: Place,
): Map<string, DeployedFunction> {
  const functions = new Map<string, DeployedFunction>();
  for (const resource of resourcesOf(assembly, 'AWS::Lambda::Function')) {
    if (isCustomResourceProvider(resource)) continue;
    const deployed = readFunction(assembly, resolver, place, resource);
    functions.set(deployed.name, deployed);
  }
  for (const resource of resourcesOf(assembly, 'AWS::Lambda::EventInvokeConfig')) {
    const config = InvokeConfig.parse(resolver.properties(resource));
    const target = functions.get(config.FunctionName.split(':').at(-1) ?? '');
    if (target === undefined) continue;
    target.retryAttempts = config.MaximumRetryAttempts ?? target.retryAttempts;
    const destination = config.DestinationConfig?.OnFailure?.Destination;
    if (destination !== undefined) target.onFailure = { arn: destination, kind: 'destination' };
  }
  return functions;
}

/** CDK's own helpers run while a stack is deployed, never afterwards. */
function isCustomResourceProvider(resource: FoundResource): boolean {
  return /CustomResourceProvider|LogRetention|^AWS[0-9a-f]{10}/.test(resource.logicalId);
}

function readFunction(
  assembly: Assembly,
  resolver: Resolver,
  place: Place,
  resource: FoundResource,
): DeployedFunction {
  const identity = resolver.identity(resource);
  const parsed = FunctionProperties.safeParse(resolver.properties(resource));
  if (!parsed.success) {
    throw new LocalRunError(
      `Function ${identity.name} can't run here: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`,
    );
  }
  const properties = parsed.data;
  const dir = assembly.assets.get(properties.Code.S3Key);
  if (dir === undefined) {
    throw new LocalRunError(
      `The bundle of ${identity.name} is not in ${assembly.dir}: run \`npx cdk synth\` again`,
    );
  }
  const dot = properties.Handler.lastIndexOf('.');
  return {
    name: identity.name,
    arn: identity.attributes['Arn'] ?? identity.name,
    dir,
    file: join(dir, `${properties.Handler.slice(0, dot)}.js`),
    exportName: properties.Handler.slice(dot + 1),
    timeoutMs: properties.Timeout * 1000,
    memoryMb: properties.MemorySize,
    environment: localAddresses(properties.Environment.Variables, place),
    logsCalls: properties.LoggingConfig.SystemLogLevel !== 'WARN',
    retryAttempts: 2,
    onFailure:
      properties.DeadLetterConfig === undefined
        ? undefined
        : { arn: properties.DeadLetterConfig.TargetArn, kind: 'deadLetter' },
  };
}

/** Where the template spells out the API's public address, the local one takes its place. */
function localAddresses(variables: Record<string, string>, place: Place): Record<string, string> {
  const executeApi = new RegExp(`https://[a-z0-9]+\\.execute-api\\.${place.region}\\.amazonaws\\.com`, 'g');
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, value.replaceAll(executeApi, place.apiUrl)]),
  );
}
