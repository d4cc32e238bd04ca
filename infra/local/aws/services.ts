import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type EventBus, PutEventsInput } from '../bus/event-bus.ts';
import type { Meter } from '../meter/meter.ts';
import type { Queues } from '../queues.ts';
import { nameIn } from '../template/attributes.ts';
import type { Execution } from '../workflows/execution-store.ts';
import { type Executions, StatesApiError } from '../workflows/executions.ts';
import { AwsError, type Operation } from './aws-endpoint.ts';

const StartExecution = z.object({
  stateMachineArn: z.string(),
  name: z.string().optional(),
  input: z.string().default('{}'),
});
const DescribeExecution = z.object({ executionArn: z.string() });
const TaskSuccess = z.object({ taskToken: z.string(), output: z.string() });
const TaskFailure = z.object({
  taskToken: z.string(),
  error: z.string().default(''),
  cause: z.string().default(''),
});
const SendMessage = z.object({ QueueUrl: z.string(), MessageBody: z.string() });

/** Step Functions as the SDK's client speaks it. */
export function stepFunctions(executions: Executions): Record<string, Operation> {
  return {
    'AWSStepFunctions.StartExecution': (input) => {
      const { stateMachineArn, name, input: given } = StartExecution.parse(input);
      const started = executions.start({ machineArn: stateMachineArn, name, input: given });
      return { executionArn: started.arn, startDate: started.startedAt / 1000 };
    },
    'AWSStepFunctions.DescribeExecution': (input) => {
      const found = executions.store.get(DescribeExecution.parse(input).executionArn);
      if (found === undefined) throw new StatesApiError('ExecutionDoesNotExist', 'Execution Does Not Exist');
      return describe(found);
    },
    'AWSStepFunctions.SendTaskSuccess': (input) => {
      const { taskToken, output } = TaskSuccess.parse(input);
      executions.returnToken(taskToken, { output: JSON.parse(output) });
      return {};
    },
    'AWSStepFunctions.SendTaskFailure': (input) => {
      const { taskToken, error, cause } = TaskFailure.parse(input);
      executions.returnToken(taskToken, { error, cause });
      return {};
    },
  };
}

function describe(execution: Execution): Record<string, unknown> {
  return {
    executionArn: execution.arn,
    stateMachineArn: execution.arn.replace(/:(execution|express):.*/, `:stateMachine:${execution.machine}`),
    name: execution.name,
    status: execution.status,
    startDate: execution.startedAt / 1000,
    input: execution.input,
    ...(execution.stoppedAt !== null && { stopDate: execution.stoppedAt / 1000 }),
    ...(execution.output !== null && { output: execution.output }),
    ...(execution.error !== null && { error: execution.error }),
    ...(execution.cause !== null && { cause: execution.cause }),
  };
}

/** EventBridge as the SDK's client speaks it. */
export function eventBridge(bus: EventBus, meter: Meter): Record<string, Operation> {
  return {
    'AWSEvents.PutEvents': (input) => {
      const given = PutEventsInput.parse(input);
      const Entries = bus.put(given);
      for (const [at, entry] of given.Entries.entries()) {
        // Billed in begun 64 KB.
        if (Entries[at]?.EventId !== undefined) {
          meter.add(
            'eventBridgeEvents',
            Math.max(1, Math.ceil(Buffer.byteLength(entry.Detail ?? '') / 65_536)),
          );
        }
      }
      return { FailedEntryCount: Entries.filter((entry) => entry.ErrorCode !== undefined).length, Entries };
    },
  };
}

/** SQS as the SDK's client speaks it: sending only, for nothing of the template reads a queue. */
export function simpleQueues(queues: Queues, meter: Meter): Record<string, Operation> {
  return {
    'AmazonSQS.SendMessage': (input) => {
      const { QueueUrl, MessageBody } = SendMessage.parse(input);
      meter.add('sqsRequests');
      if (!queues.has(nameIn(QueueUrl))) {
        throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
      }
      const MessageId = queues.send(nameIn(QueueUrl), MessageBody);
      return { MessageId, MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex') };
    },
  };
}
