/**
 * Runs one Lambda function in this worker thread as the Node 24 runtime would: the bundle is loaded once as CommonJS
 * whatever package it lies under, and finds nothing but what was uploaded and the AWS SDK that the runtime brings.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import module, { createRequire, isBuiltin, Module } from 'node:module';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { Answer, FunctionError, Invocation, WorkerSetup } from './messages.ts';

type Handler = (event: unknown, context: Record<string, unknown>) => unknown;

const setup: WorkerSetup = workerData;
const port = parentPort;
if (port === null) throw new Error('lambda/worker.ts is started by the function pool only');

const log = openSync(setup.logFile, 'a');
let logBytes = 0;
process.stdout.write = writeLog;
process.stderr.write = writeLog;
process.on('exit', () => closeSync(log));

function writeLog(chunk: string | Uint8Array, ...rest: unknown[]): boolean {
  const bytes = Buffer.from(chunk);
  logBytes += bytes.length;
  writeSync(log, bytes);
  const done = rest.at(-1);
  if (typeof done === 'function') done();
  return true;
}

/** Lambda's own lines about a call: in the local log always, billed where the template has Lambda write them. */
function writeSystemLog(lines: string): void {
  writeSync(log, lines);
  if (setup.logsCalls) logBytes += Buffer.byteLength(lines);
}

function takeLogBytes(): number {
  const taken = logBytes;
  logBytes = 0;
  return taken;
}

/** Loads the bundle and finds its handler. */
function loadHandler(): Handler {
  module.enableCompileCache();
  const bundle = new Module(setup.file);
  bundle.filename = setup.file;
  bundle.paths = [join(setup.dir, 'node_modules')];
  const own = bundle.require.bind(bundle);
  const runtime = createRequire(setup.runtimeModules);
  bundle.require = (id: string): unknown => {
    const providedByRuntime = !isBuiltin(id) && /^@(aws-sdk|smithy|aws|aws-crypto)\//.test(id);
    return providedByRuntime ? runtime(id) : own(id);
  };
  compileInto(bundle, readFileSync(setup.file, 'utf8'));
  const handler = exportOf(bundle.exports, setup.exportName);
  if (!isHandler(handler))
    throw namedError('Runtime.HandlerNotFound', `${setup.file} does not export ${setup.exportName}`);
  if (handler.length > 2) {
    throw namedError(
      'Runtime.CallbackHandlerDeprecated',
      'nodejs24.x knows no callback handlers: return a promise',
    );
  }
  return handler;
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}

function exportOf(exported: unknown, name: string): unknown {
  return typeof exported === 'object' && exported !== null && name in exported
    ? Reflect.get(exported, name)
    : undefined;
}

/** `module._compile` is how Node itself loads CommonJS; it is older than any type declaration of it. */
function compileInto(target: Module, source: string): void {
  const compile: unknown = Reflect.get(target, '_compile');
  if (typeof compile !== 'function') throw new Error('This version of Node can not load CommonJS bundles');
  Reflect.apply(compile, target, [source, setup.file]);
}

function namedError(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

function describeError(error: unknown): FunctionError {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

function contextOf(invocation: Invocation): Record<string, unknown> {
  return {
    awsRequestId: invocation.requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: setup.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: setup.functionArn,
    memoryLimitInMB: String(setup.memoryMb),
    logGroupName: `/aws/lambda/${setup.functionName}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, invocation.deadline - Date.now()),
  };
}

async function invoke(handler: Handler, invocation: Invocation): Promise<Answer> {
  const started = performance.now();
  const { requestId } = invocation;
  process.env['_X_AMZN_TRACE_ID'] =
    `Root=1-${requestId.slice(0, 8)}-${requestId.replaceAll('-', '').slice(8)};Sampled=0`;
  writeSystemLog(`START RequestId: ${requestId} Version: $LATEST\n`);
  try {
    const result = await handler(JSON.parse(invocation.payload), contextOf(invocation));
    const payload = JSON.stringify(result) ?? 'null';
    const ms = performance.now() - started;
    writeSystemLog(endOf(requestId, ms));
    return { kind: 'result', requestId, payload, ms, logBytes: takeLogBytes() };
  } catch (error) {
    const ms = performance.now() - started;
    const described = describeError(error);
    writeLog(`ERROR ${JSON.stringify({ requestId, ...described })}\n`);
    writeSystemLog(endOf(requestId, ms));
    return { kind: 'error', requestId, error: described, ms, logBytes: takeLogBytes() };
  }
}

const endOf = (requestId: string, ms: number) =>
  `END RequestId: ${requestId}\nREPORT RequestId: ${requestId}\tDuration: ${ms.toFixed(2)} ms\n`;

function answer(message: Answer): void {
  port?.postMessage(message);
}

const begun = performance.now();
try {
  const handler = loadHandler();
  port.on('message', (invocation: Invocation) => void invoke(handler, invocation).then(answer));
  answer({ kind: 'ready', initMs: performance.now() - begun });
  module.flushCompileCache();
} catch (error) {
  const described = describeError(error);
  writeLog(`INIT_ERROR ${JSON.stringify(described)}\n`);
  answer({ kind: 'initFailed', error: described, logBytes: takeLogBytes() });
}
