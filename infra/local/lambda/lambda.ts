import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Activity } from '../activity.ts';
import { LocalRunError } from '../errors.ts';
import type { Place } from '../template/attributes.ts';
import { nameIn } from '../template/attributes.ts';
import type { DeployedFunction } from './functions.ts';
import { type CallMeasure, FunctionPool, type InvokeResult } from './pool.ts';

const runtimeModules = fileURLToPath(new URL('../../../package.json', import.meta.url));
/** Lambda takes and gives at most 6 MB (6,291,556 bytes with their overhead) in a call that waits for its answer. */
const maxPayloadBytes = 6_291_556;

/** All functions of the template, started when first called. */
export class Lambda {
  readonly #pools = new Map<string, FunctionPool>();
  readonly #activity: Activity;
  /** By function, the calls that are running. */
  readonly #running = new Map<string, Set<Promise<unknown>>>();

  constructor(
    functions: Iterable<DeployedFunction>,
    options: {
      activity: Activity;
      measure: (call: CallMeasure) => void;
      place: Place;
      dataDir: string;
      /** Where the AWS services are emulated, http://127.0.0.1:port */
      awsEndpoint: string;
    },
  ) {
    this.#activity = options.activity;
    const logs = join(options.dataDir, 'logs');
    mkdirSync(logs, { recursive: true });
    for (const deployed of functions) {
      const setup = {
        file: deployed.file,
        dir: deployed.dir,
        exportName: deployed.exportName,
        logFile: join(logs, `${deployed.name}.log`),
        functionName: deployed.name,
        functionArn: deployed.arn,
        memoryMb: deployed.memoryMb,
        logsCalls: deployed.logsCalls,
        runtimeModules,
      };
      const environment = environmentOf(deployed, options);
      this.#pools.set(
        deployed.name,
        new FunctionPool(deployed, { setup, environment, measure: options.measure }),
      );
    }
  }

  /** The function an ARN or name stands for, or undefined. */
  find(arnOrName: string): DeployedFunction | undefined {
    return this.#pools.get(nameIn(arnOrName))?.deployed;
  }

  /**
   * Calls a function by ARN or name with a JSON text.
   * @param limit a caller's own, shorter time limit in milliseconds and the error type it leads to
   * @throws LocalRunError when there is no such function
   */
  async invoke(
    arnOrName: string,
    payload: string,
    limit?: { ms: number; error: string },
  ): Promise<InvokeResult> {
    const pool = this.#pools.get(nameIn(arnOrName));
    if (pool === undefined) throw new LocalRunError(`The template has no function ${arnOrName}`);
    if (Buffer.byteLength(payload) > maxPayloadBytes) {
      return failure('RequestTooLargeException', `Request must be smaller than ${maxPayloadBytes} bytes`);
    }
    const leave = this.#activity.enter('lambda');
    const calls = this.#callsOf(pool.deployed.name);
    const call = pool.invoke(payload, limit);
    calls.add(call);
    try {
      const result = await call;
      if (result.ok && Buffer.byteLength(result.payload) > maxPayloadBytes) {
        return failure(
          'Function.ResponseSizeTooLarge',
          `Response payload size exceeded ${maxPayloadBytes} bytes`,
        );
      }
      return result;
    } finally {
      calls.delete(call);
      leave();
    }
  }

  /** Resolves once the calls of a function that are running now have ended, however; at once where it has none. */
  async callsEnded(name: string): Promise<void> {
    await Promise.allSettled(this.#callsOf(name));
  }

  #callsOf(name: string): Set<Promise<unknown>> {
    const calls = this.#running.get(name) ?? new Set();
    this.#running.set(name, calls);
    return calls;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.stop()));
  }
}

function failure(errorType: string, errorMessage: string): InvokeResult {
  return { ok: false, error: { errorType, errorMessage, trace: [] } };
}

/** The process environment Lambda gives a function. The access key is the function's name: it tells who calls. */
function environmentOf(
  deployed: DeployedFunction,
  { place, awsEndpoint, dataDir }: { place: Place; awsEndpoint: string; dataDir: string },
): Record<string, string> {
  return {
    ...deployed.environment,
    AWS_ENDPOINT_URL: awsEndpoint,
    AWS_ENDPOINT_URL_DYNAMODB: awsEndpoint,
    AWS_ENDPOINT_URL_SFN: awsEndpoint,
    AWS_ENDPOINT_URL_SES: awsEndpoint,
    AWS_ENDPOINT_URL_EVENTBRIDGE: awsEndpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: awsEndpoint,
    AWS_ENDPOINT_URL_LAMBDA: awsEndpoint,
    AWS_ENDPOINT_URL_SQS: awsEndpoint,
    // The SDK names the bucket in the path where the host is an IP address.
    AWS_ENDPOINT_URL_S3: awsEndpoint,
    AWS_ACCESS_KEY_ID: deployed.name,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_REGION: place.region,
    AWS_DEFAULT_REGION: place.region,
    // A developer's own AWS profile must have no say here.
    AWS_CONFIG_FILE: join(dataDir, 'no-aws-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(dataDir, 'no-aws-credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    // Webhooks of customers may lead to this machine.
    WEBHOOKS_TO_PRIVATE_ADDRESSES: 'allowed',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: deployed.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(deployed.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${deployed.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    LAMBDA_TASK_ROOT: deployed.dir,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    _HANDLER: `index.${deployed.exportName}`,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH: '/usr/local/bin:/usr/bin:/bin',
  };
}
