import { Duration, TimeZone } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import {
  ContextAttribute,
  type IScheduleGroup,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
  TimeWindow,
} from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import type { ServiceFunction } from './service-function.ts';
import { serviceOfThisAccount } from './service-of-account.ts';

export type DailyScheduleProps = {
  readonly group: IScheduleGroup;
  readonly target: ServiceFunction;
  readonly deadLetters: DeadLetterQueue;
  /** Wall clock time in `timeZone`, kept through changes to and from summer time; on one `day` of the month only; every hour where that is `*`. */
  readonly at: { readonly hour: string; readonly minute: string; readonly day?: string };
  /** IANA name. */
  readonly timeZone: string;
};

/**
 * Wakes a function once a day, a month or an hour, with `{ scheduledTime }`, the moment it was due (ISO 8601). What is to do stands in the
 * table, so a day that was missed is caught up by the next, and a second run of a day or month does nothing.
 */
export class DailySchedule extends Construct {
  constructor(scope: Construct, id: string, props: DailyScheduleProps) {
    super(scope, id);
    const { lambda, fullName } = props.target;
    const { day, hour, minute } = props.at;
    const often = hour === '*' ? 'Hourly' : day === undefined ? 'Daily' : `On day ${day} of each month`;
    const role = new Role(this, 'Role', {
      assumedBy: serviceOfThisAccount('scheduler.amazonaws.com'),
      description: `Wakes ${fullName}`,
      inlinePolicies: {
        wake: new PolicyDocument({
          statements: [
            new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [lambda.functionArn] }),
            new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [props.deadLetters.queueArn] }),
          ],
        }),
      },
    });
    new Schedule(this, 'Schedule', {
      scheduleName: fullName,
      scheduleGroup: props.group,
      description: `${often} at ${hour}:${minute}, ${props.timeZone}`,
      schedule: ScheduleExpression.cron({ ...props.at, timeZone: TimeZone.of(props.timeZone) }),
      timeWindow: TimeWindow.off(),
      target: new LambdaInvoke(lambda, {
        input: ScheduleTargetInput.fromObject({ scheduledTime: ContextAttribute.scheduledTime }),
        deadLetterQueue: props.deadLetters,
        retryAttempts: 10,
        maxEventAge: Duration.hours(6),
        role: role.withoutPolicyUpdates(),
      }),
    });
  }
}
