import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { CustomerId } from '../kernel/ids.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';

/** One customer's statement of a month. It is made from `notBefore` on. */
type StatementOrder = {
  customerId: CustomerId;
  from: CalendarDate;
  to: CalendarDate;
  notBefore: Instant;
};

/** Starts `state-account` for a customer and month; starting it again is a no-op. */
export type StartStatement = (order: StatementOrder) => Promise<void>;

/**
 * Starts executions of the state machine `machineArn`, named `<customerId>-<month>`: Step Functions keeps the names of
 * Standard executions for 90 days and refuses a second one. Later, the record of the mail does.
 */
export function statementStarter(
  machineArn: string,
  // Step Functions lets 800 starts through at once, then 150 a second in most regions: throttled starts wait.
  client = new SFNClient({ maxAttempts: 10 }),
): StartStatement {
  return async (order) => {
    try {
      await client.send(
        new StartExecutionCommand({
          stateMachineArn: machineArn,
          name: `${order.customerId}-${order.from.slice(0, 7)}`,
          input: JSON.stringify(order),
        }),
      );
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  };
}
