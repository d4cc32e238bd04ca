import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import {
  ConfigurationSet,
  ConfigurationSetEventDestination,
  EmailSendingEvent,
  EventDestination,
} from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { delivery } from './fact-rule.ts';
import type { ServiceFunction } from './service-function.ts';

export type MailFeedbackProps = {
  readonly configurationSetName: string;
  readonly ruleName: string;
  readonly target: ServiceFunction;
  readonly deadLetters: DeadLetterQueue;
};

/**
 * What becomes of the mails sent with the configuration set: SES tells of it on the account's default bus, and takes no
 * other. The rule lets through what is told of mails of this set, for others of the account may tell there too.
 */
export class MailFeedback extends Construct {
  /** As deployed. */
  readonly fullName: string;
  readonly rule: Rule;

  constructor(scope: Construct, id: string, props: MailFeedbackProps) {
    super(scope, id);
    this.fullName = props.ruleName;
    const configurationSet = new ConfigurationSet(this, 'ConfigurationSet', {
      configurationSetName: props.configurationSetName,
    });
    new ConfigurationSetEventDestination(this, 'Events', {
      configurationSet,
      destination: EventDestination.eventBus(EventBus.fromEventBusName(this, 'DefaultBus', 'default')),
      events: [
        EmailSendingEvent.BOUNCE,
        EmailSendingEvent.COMPLAINT,
        EmailSendingEvent.DELIVERY,
        EmailSendingEvent.REJECT,
      ],
    });
    this.rule = new Rule(this, 'Rule', {
      ruleName: props.ruleName,
      description: `What becomes of mails → ${props.target.name}`,
      eventPattern: {
        source: ['aws.ses'],
        detailType: ['Email Bounced', 'Email Complaint Received', 'Email Delivered', 'Email Rejected'],
        detail: { mail: { tags: { 'ses:configuration-set': [props.configurationSetName] } } },
      },
    });
    this.rule.addTarget(
      new LambdaFunction(props.target.lambda, { ...delivery, deadLetterQueue: props.deadLetters }),
    );
  }
}
