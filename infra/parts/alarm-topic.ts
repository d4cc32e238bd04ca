import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { serviceOfThisAccount } from './service-of-account.ts';

export type AlarmTopicProps = {
  readonly topicName: string;
  /** Who is mailed; AWS asks the address to confirm first. Other subscriptions can be added by hand. */
  readonly email: string | undefined;
};

/** Where alarms are told, and who hears of them. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;
  /** Alarms that could not be mailed; only with an address. */
  readonly unmailed: DeadLetterQueue | undefined;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', {
      topicName: props.topicName,
      displayName: 'Order to cash alarms',
      enforceSSL: true,
    });
    this.topic.grantPublish(serviceOfThisAccount('cloudwatch.amazonaws.com'));
    if (props.email === undefined) return;
    this.unmailed = new DeadLetterQueue(this, 'alarm-mail-dlq', {
      queueName: `${props.topicName}-mail-dlq`,
      holds: 'alarms that could not be mailed',
    });
    this.topic.addSubscription(new EmailSubscription(props.email, { deadLetterQueue: this.unmailed }));
  }
}
