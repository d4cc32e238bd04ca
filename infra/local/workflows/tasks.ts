import { createHash } from 'node:crypto';
import { z } from 'zod';
import { LocalRunError } from '../errors.ts';
import type { Lambda } from '../lambda/lambda.ts';
import type { Meter } from '../meter/meter.ts';
import type { Queues } from '../queues.ts';
import { nameIn } from '../template/attributes.ts';
import { type TaskDeclaration, tokenParameter, waitResource } from './definition.ts';

const LambdaParameters = z.object({ FunctionName: z.string(), Payload: z.unknown() });
const SqsParameters = z.object({ QueueUrl: z.string(), MessageBody: z.unknown() });
const EventsParameters = z.object({ Entries: z.array(z.looseObject({ Detail: z.unknown() })) });
const WaitParameters = z.object({ Seconds: z.number().optional(), Timestamp: z.string().optional() });
const TokenParameters = z.looseObject({ [tokenParameter]: z.string() });

/** What a task takes and gives. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** What the tasks of one execution can reach. */
export type TaskServices = {
  lambda: Lambda;
  queues: Queues;
  meter: Meter;
  now: () => number;
  putEvents: (entries: unknown) => Json;
  /** Waits for a moment of business time without counting as busy. */
  sleepUntil: (at: number) => Promise<void>;
  /** Waits for someone to send the token back, without counting as busy. */
  tokenReturned: (token: string) => Promise<Json>;
};

/** An error with the name a state's Retry and Catch go by. */
export class TaskError extends Error {
  constructor(name: string, cause: string) {
    super(cause);
    this.name = name;
  }
}

/** Step Functions carries at most 256 KB from state to state. */
const maxDataBytes = 262_144;

/**
 * Does what a task declares, by the optimised integrations of Step Functions.
 * @throws TaskError as Step Functions would name it
 */
export async function runTask(task: TaskDeclaration, input: unknown, services: TaskServices): Promise<Json> {
  if (task.resource.endsWith('.waitForTaskToken')) {
    const { [tokenParameter]: token, ...own } = TokenParameters.parse(input);
    await runTask({ ...task, resource: task.resource.slice(0, -'.waitForTaskToken'.length) }, own, services);
    return services.tokenReturned(token);
  }
  if (task.resource.startsWith('arn:aws:lambda:')) return invoke(task, task.resource, input, services);
  switch (task.resource) {
    case 'arn:aws:states:::lambda:invoke': {
      const { FunctionName, Payload } = LambdaParameters.parse(input);
      const result = await invoke(task, FunctionName, Payload ?? {}, services);
      return { ExecutedVersion: '$LATEST', Payload: result, StatusCode: 200 };
    }
    case 'arn:aws:states:::sqs:sendMessage': {
      const { QueueUrl, MessageBody } = SqsParameters.parse(input);
      const body = typeof MessageBody === 'string' ? MessageBody : JSON.stringify(MessageBody);
      services.meter.add('sqsRequests');
      if (!services.queues.has(nameIn(QueueUrl))) {
        throw new TaskError('SQS.QueueDoesNotExistException', 'The specified queue does not exist.');
      }
      const MessageId = services.queues.send(nameIn(QueueUrl), body);
      return { MD5OfMessageBody: createHash('md5').update(body).digest('hex'), MessageId };
    }
    case 'arn:aws:states:::events:putEvents': {
      const { Entries } = EventsParameters.parse(input);
      return services.putEvents({
        Entries: Entries.map((entry) => ({ ...entry, Detail: JSON.stringify(entry.Detail) })),
      });
    }
    case waitResource: {
      const { Seconds, Timestamp } = WaitParameters.parse(input);
      await services.sleepUntil(
        Timestamp === undefined ? services.now() + (Seconds ?? 0) * 1000 : Date.parse(Timestamp),
      );
      return null;
    }
    default:
      throw new LocalRunError(`State ${task.state} calls ${task.resource}, which the local run doesn't know`);
  }
}

/** @throws LocalRunError when a task calls something the local run doesn't emulate */
export function checkTask(task: TaskDeclaration, machine: string): void {
  const known = [
    'arn:aws:states:::lambda:invoke',
    'arn:aws:states:::sqs:sendMessage',
    'arn:aws:states:::events:putEvents',
    waitResource,
  ];
  const resource = task.resource.replace(/\.waitForTaskToken$/, '');
  if (known.includes(resource) || resource.startsWith('arn:aws:lambda:')) return;
  throw new LocalRunError(
    `State ${task.state} of ${machine} calls ${task.resource}, which the local run doesn't know`,
  );
}

async function invoke(
  task: TaskDeclaration,
  name: string,
  payload: unknown,
  { lambda }: TaskServices,
): Promise<Json> {
  const limit = task.timeoutMs === undefined ? undefined : { ms: task.timeoutMs, error: 'States.Timeout' };
  const result = await lambda.invoke(name, JSON.stringify(payload), limit);
  if (result.ok) {
    if (Buffer.byteLength(result.payload) > maxDataBytes) {
      throw new TaskError('States.DataLimitExceeded', `The result of ${task.state} is larger than 256 KB`);
    }
    return JSON.parse(result.payload);
  }
  throw new TaskError(result.error.errorType, JSON.stringify(result.error));
}
