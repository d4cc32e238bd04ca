import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acceptFinding } from './nag.ts';

/** SQS keeps a message for at most this long: the time there is to act on the alarm. */
const retention = Duration.days(14);

/**
 * A queue of things that could not be done, kept 14 days for a person to redrive. Its depth has an alarm.
 * @param holds what its messages are, for the description of the alarm
 */
export class DeadLetterQueue extends Queue {
  readonly holds: string;
  readonly fullName: string;

  constructor(scope: Construct, id: string, props: { queueName: string; holds: string }) {
    super(scope, id, {
      queueName: props.queueName,
      retentionPeriod: retention,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    this.holds = props.holds;
    this.fullName = props.queueName;
    const reason = 'This is the end of the line: nothing but a person reads it, and its depth has an alarm.';
    acceptFinding(this, 'AwsSolutions-SQS3', reason);
    acceptFinding(this, 'Serverless-SQSRedrivePolicy', reason);
  }
}
