import { Duration } from 'aws-cdk-lib';
import { type EventBus, type IRuleTarget, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { FactType } from '#shared/fact/fact.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import type { ServiceFunction } from './service-function.ts';
import { serviceOfThisAccount } from './service-of-account.ts';
import type { Workflow } from './workflow.ts';

/** EventBridge tries a delivery for so long; then the event goes to the target's dead-letter queue. */
export const delivery = { retryAttempts: 185, maxEventAge: Duration.hours(24) };

export type FactRuleProps = {
  readonly ruleName: string;
  readonly bus: EventBus;
  /** The facts it is for, e.g. `order.placed`. */
  readonly facts: readonly FactType[];
  /** Of those, only facts that one of these holds of: of such a type, with such values in their data. */
  readonly where?: readonly {
    readonly type?: readonly FactType[];
    readonly data?: Readonly<Record<string, readonly string[]>>;
  }[];
  readonly deadLetters: DeadLetterQueue;
};

/** Brings facts from the bus to one target, which has its own dead-letter queue. */
export class FactRule extends Construct {
  readonly rule: Rule;
  /** As deployed; a plain string, where `rule.ruleName` is a reference. */
  readonly fullName: string;
  /** The bus it listens to. */
  readonly busName: string;

  constructor(scope: Construct, id: string, props: FactRuleProps & { target: Workflow | ServiceFunction }) {
    super(scope, id);
    this.fullName = props.ruleName;
    this.busName = props.bus.eventBusName;
    this.rule = new Rule(this, 'Rule', {
      ruleName: props.ruleName,
      description: `${props.facts.join(', ')} → ${props.target.node.id}`,
      eventBus: props.bus,
      eventPattern: {
        source: ['o2c'],
        detailType: [...props.facts],
        ...(props.where && { detail: { $or: props.where } }),
      },
    });
    this.rule.addTarget(this.targetFor(props.target, props.deadLetters));
  }

  private targetFor(target: Workflow | ServiceFunction, deadLetterQueue: DeadLetterQueue): IRuleTarget {
    if ('lambda' in target) return new LambdaFunction(target.lambda, { ...delivery, deadLetterQueue });
    const role = new Role(this, 'Role', {
      assumedBy: serviceOfThisAccount('events.amazonaws.com'),
      description: `Starts ${target.fullName}`,
      inlinePolicies: {
        start: new PolicyDocument({
          statements: [
            new PolicyStatement({
              actions: ['states:StartExecution'],
              resources: [target.machine.stateMachineArn],
            }),
          ],
        }),
      },
    });
    return new SfnStateMachine(target.machine, {
      ...delivery,
      deadLetterQueue,
      role: role.withoutPolicyUpdates(),
      // A workflow gets the fact, not the envelope of the bus.
      input: RuleTargetInput.fromEventPath('$.detail'),
    });
  }
}
