import { resolve } from 'node:path';
import { z } from 'zod';
import { Activity } from './activity.ts';
import { AwsEndpoint } from './aws/aws-endpoint.ts';
import { LambdaApi } from './aws/lambda-api.ts';
import { mailEvents } from './aws/mail-events.ts';
import { ObjectStore } from './aws/s3.ts';
import { secretsManager } from './aws/secrets.ts';
import { eventBridge, simpleQueues, stepFunctions } from './aws/services.ts';
import { EmailService } from './aws/ses.ts';
import { Deliveries } from './bus/deliveries.ts';
import { EventBus, PutEventsInput } from './bus/event-bus.ts';
import { BusinessClock, epochOf } from './clock.ts';
import { openDataDir } from './data-dir.ts';
import { DynamoDbClient } from './dynamodb/client.ts';
import { Dynoxide } from './dynamodb/dynoxide.ts';
import { MeteringProxy } from './dynamodb/metering-proxy.ts';
import { scanTable } from './dynamodb/scan.ts';
import { readStreamMappings } from './dynamodb/stream-mappings.ts';
import { prepareTables } from './dynamodb/tables.ts';
import { LocalRunError, messageOf } from './errors.ts';
import { readApi } from './http/api-declaration.ts';
import { ApiGateway } from './http/api-gateway.ts';
import { close, listen, sendJson, serve } from './http/exchange.ts';
import { IdentityProvider } from './http/identity-provider.ts';
import { readFunctions } from './lambda/functions.ts';
import { Lambda } from './lambda/lambda.ts';
import { serveLocalPage } from './local-pages.ts';
import { Mailbox } from './mailbox/mailbox.ts';
import { Meter } from './meter/meter.ts';
import { Queues } from './queues.ts';
import { Scheduler } from './schedule/scheduler.ts';
import { type Assembly, readAssembly, resourcesOf } from './template/assembly.ts';
import type { Place } from './template/attributes.ts';
import { Resolver } from './template/intrinsics.ts';
import type { ExecutionStore } from './workflows/execution-store.ts';
import { Executions } from './workflows/executions.ts';
import { readMachines } from './workflows/machines.ts';

export type LocalRunOptions = {
  /** Where the API and the pages below `/_local/` are served; 0 takes any free port. */
  port: number;
  /** Everything durable lies here. */
  dataDir: string;
  /** Output of `cdk synth`. */
  cdkOut: string;
  /** Empties the data directory first. */
  fresh: boolean;
  /** Business time to begin at, an ISO 8601 instant; counts only when the data directory is new. */
  clockStart?: string;
  /** Says nothing on standard error, not even that an event was lost. */
  quiet?: boolean;
};

/** The system as it would be deployed, running on this machine. */
export type LocalRun = {
  /** http://localhost:4400 */
  url: string;
  /** Waits (ten seconds at most) for what is in flight, then ends everything. What is unfinished goes on at the next start. */
  stop(): Promise<void>;
  tokens: {
    /** An ID token for a user of these groups; of the group `customer`, with the customer's id. */
    issue(roles: string | readonly string[], customerId?: string): Promise<string>;
  };
  clock: {
    /** Business time, ISO 8601 with milliseconds. */
    now(): string;
    /** Moves forward by an ISO 8601 duration; every schedule on the way fires in order, each when all is idle again. */
    advance(duration: string): Promise<void>;
    /** The same, to an instant. */
    advanceTo(instant: string): Promise<void>;
    schedules(): { name: string; next: string | undefined }[];
  };
  /** Resolves when nothing is in flight: requests, functions, stream records, events, executions that don't wait for someone.
   * @throws LocalRunError after `timeoutMs` (ten minutes), naming what is busy */
  quiesce(timeoutMs?: number): Promise<void>;
  meter: Pick<Meter, 'snapshot' | 'reset'>;
  mailbox: Pick<Mailbox, 'list' | 'count' | 'summary' | 'get' | 'raw'>;
  executions: Pick<ExecutionStore, 'list' | 'get' | 'history'>;
  queues: Pick<Queues, 'names' | 'list'>;
  /** Every item of the table as a plain object; not metered. */
  scanTable(): AsyncGenerator<Record<string, unknown>>;
  idp: { configuration: unknown; keys: unknown };
};

const account = '000000000000';

type Handler = Parameters<typeof serve>[0];
const starting: Handler = async (_, response) => sendJson(response, 503, { message: 'Starting' });

/**
 * Reads the synthesised templates and runs what they would deploy. Sets the time zone of this process to UTC, which is
 * that of Lambda.
 * @throws LocalRunError when it can't start, in one line that says what to do
 */
export async function startLocalRun(options: LocalRunOptions): Promise<LocalRun> {
  process.env['TZ'] = 'UTC';
  const undo: (() => Promise<void> | void)[] = [];
  const end = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return await start(options, undo, end);
  } catch (error) {
    await end();
    if (!(error instanceof z.ZodError)) throw error;
    const reason = z.prettifyError(error).replaceAll(/\s+/g, ' ');
    throw new LocalRunError(`The templates have something the local run can't read: ${reason}`);
  }
}

async function start(
  options: LocalRunOptions,
  undo: (() => Promise<void> | void)[],
  end: () => Promise<void>,
): Promise<LocalRun> {
  const dataDir = resolve(options.dataDir);
  const report = (line: string): void => {
    if (options.quiet !== true) process.stderr.write(`${line}\n`);
  };
  const assembly = readAssembly(options.cdkOut);

  let handle: Handler = starting;
  const front = serve((request, response) => handle(request, response), report);
  const port = await listen(front, options.port);
  undo.push(() => close(front));

  const state = openDataDir(dataDir, options.fresh);
  undo.push(() => state.close());
  const clock = new BusinessClock(state, epochOf(options.clockStart), report);
  undo.push(() => clock.stop());

  const place: Place = { region: assembly.region, account, apiUrl: `http://localhost:${port}` };
  const resolver = new Resolver(assembly, place);
  const activity = new Activity();
  const meter = new Meter(state, () => clock.nowIso());
  undo.push(() => meter.stop());
  const mailbox = new Mailbox(state, dataDir, () => clock.now());
  const namesOf = (type: string) => resourcesOf(assembly, type).map((one) => resolver.identity(one).name);
  const queues = new Queues(state, namesOf('AWS::SQS::Queue'), () => clock.now());
  const api = readApi(assembly, resolver);
  const idp = await IdentityProvider.open(state, api.issuer, api.audience);

  const { client, tables } = await startTables({
    dataDir,
    assembly,
    resolver,
    fresh: options.fresh,
    report,
    undo,
  });
  const proxy = new MeteringProxy(client, {
    used: (caller, operation, reads, writes) => meter.addTableUse(caller, operation, reads, writes),
    written: () => {
      for (const reader of readers) reader.wake();
    },
  });

  let handleAws: Handler = starting;
  const awsServer = serve((request, response) => handleAws(request, response), report);
  const awsPort = await listen(awsServer, 0);
  undo.push(() => close(awsServer));

  const lambda = new Lambda(readFunctions(assembly, resolver, place).values(), {
    activity,
    measure: (call) => meter.addLambdaCall(call),
    place,
    dataDir,
    awsEndpoint: `http://127.0.0.1:${awsPort}`,
  });
  undo.push(() => lambda.stop());
  const executions = new Executions({
    machines: readMachines(assembly, resolver),
    state,
    activity,
    meter,
    clock,
    place,
    lambda,
    queues,
    putEvents: (entries) => ({ Entries: bus.put(PutEventsInput.parse(entries)) }),
  });
  const deliveries = new Deliveries({
    state,
    activity,
    lambda,
    queues,
    executions,
    nowIso: () => clock.nowIso(),
    report,
  });
  const bus = new EventBus({ assembly, resolver, deliveries, place, now: () => clock.now() });
  const readers = readStreamMappings(
    { assembly, resolver, client, state, activity, lambda, queues, nowIso: () => clock.nowIso(), report },
    tables,
  );
  undo.push(() => {
    for (const reader of readers) reader.stop();
  });
  const eventsOf = mailEvents(assembly, resolver, () => clock.nowIso());
  const email = new EmailService(mailbox, meter, (mail, sender) => {
    const Entries = eventsOf(mail);
    // Ten recipients are told of at most, which no mail here has; once its sender has written down that it sent, as on
    // AWS, however slow this machine is: told before, mail-feedback would read again, and the meter would count it.
    if (Entries.length > 0) bus.put(PutEventsInput.parse({ Entries }), lambda.callsEnded(sender));
  });
  const buckets = namesOf('AWS::S3::Bucket');
  const objects = new ObjectStore({ dataDir, buckets, meter });
  const aws = new AwsEndpoint(proxy, email, new LambdaApi(lambda), objects, {
    ...stepFunctions(executions),
    ...eventBridge(bus, meter),
    ...simpleQueues(queues, meter),
    ...secretsManager({ assembly, resolver, state, meter }),
  });
  handleAws = (request, response) => aws.handle(request, response);

  const scheduler = new Scheduler({ assembly, resolver, state, deliveries, clock, meter });
  const gateway = new ApiGateway({
    api,
    lambda,
    idp,
    activity,
    meter,
    now: () => clock.now(),
    accountId: account,
  });
  const settle = (): Promise<void> => activity.idle();
  const run: LocalRun = {
    url: place.apiUrl,
    stop: async () => {
      front.close();
      await activity.idle(10_000).catch(() => undefined);
      await end();
    },
    tokens: { issue: (roles, customerId) => idp.issue(roles, customerId) },
    clock: {
      now: () => clock.nowIso(),
      advance: (duration) => clock.advance(duration, settle),
      advanceTo: (instant) => clock.advanceTo(instant, settle),
      schedules: () => scheduler.list(),
    },
    quiesce: (timeoutMs) => activity.idle(timeoutMs),
    meter,
    mailbox,
    executions: executions.store,
    queues,
    scanTable: () => scanTable(client, tables[0]?.name ?? ''),
    idp: idp.documents(place.apiUrl),
  };
  handle = (request, response) =>
    request.url?.startsWith('/_local/') === true
      ? serveLocalPage(request, response, run)
      : gateway.handle(request, response);

  executions.resume();
  deliveries.resume();
  for (const reader of readers) reader.wake();
  clock.addAlarm(scheduler);
  return run;
}

async function startTables(given: {
  dataDir: string;
  assembly: Assembly;
  resolver: Resolver;
  fresh: boolean;
  report: (line: string) => void;
  undo: (() => Promise<void> | void)[];
}): Promise<{ client: DynamoDbClient; tables: Awaited<ReturnType<typeof prepareTables>> }> {
  const { dataDir, assembly, resolver, fresh, undo } = given;
  const foreign = process.env['DYNAMODB_ENDPOINT'];
  const hasForeign = foreign !== undefined && foreign !== '';
  const dynoxide = hasForeign ? undefined : await Dynoxide.start(dataDir);
  if (dynoxide !== undefined) undo.push(() => dynoxide.stop());
  const client = new DynamoDbClient(dynoxide?.endpoint ?? foreign ?? '');
  undo.push(() => client.stop());
  await Promise.race([client.ready(), ...(dynoxide === undefined ? [] : [failOn(dynoxide)])]);
  const tables = await prepareTables(assembly, resolver, client, hasForeign && fresh);
  if (dynoxide !== undefined) {
    Dynoxide.speedUpStream(dataDir);
    dynoxide.keepAlive((lastWords) =>
      given.report(`The local DynamoDB ended and was started again: ${lastWords}`),
    );
    failOn(dynoxide).catch((error: unknown) => given.report(messageOf(error)));
  }
  return { client, tables };
}

async function failOn(dynoxide: Dynoxide): Promise<never> {
  const lastWords = await dynoxide.died;
  throw new LocalRunError(
    `The local DynamoDB ended (${lastWords}): start again, with --fresh if it ends again`,
  );
}
