import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { CustomerId } from '../kernel/ids.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';

/** Starts `collect-account` for a customer and day; starting it again is a no-op. */
export type StartCollection = (input: {
  customerId: CustomerId;
  date: CalendarDate;
  at: Instant;
}) => Promise<void>;

/**
 * Starts executions of the state machine `machineArn`, named `<customerId>-<date>`: Step Functions keeps the names of
 * Standard executions for 90 days and refuses a second one.
 */
export function collectionStarter(
  machineArn: string,
  // Step Functions lets 800 starts through at once, then 150 a second in most regions: throttled starts wait.
  client = new SFNClient({ maxAttempts: 10 }),
): StartCollection {
  return async (input) => {
    try {
      await client.send(
        new StartExecutionCommand({
          stateMachineArn: machineArn,
          name: `${input.customerId}-${input.date}`,
          input: JSON.stringify(input),
        }),
      );
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  };
}
