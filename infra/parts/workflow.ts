import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import {
  DefinitionBody,
  type IChainable,
  LogLevel,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { TaskFunction } from '../workflows/task.ts';
import { acceptFinding } from './nag.ts';
import { serviceOfThisAccount } from './service-of-account.ts';

export type WorkflowProps<F extends string> = {
  readonly machineName: string;
  readonly type: 'express' | 'standard';
  /** The functions it may invoke. */
  readonly functions: Readonly<Record<F, TaskFunction>>;
  readonly failures: IQueue;
  readonly define: (
    scope: Construct,
    functions: Readonly<Record<F, TaskFunction>>,
    failures: IQueue,
  ) => IChainable;
  /** Of the whole execution; an Express one ends after five minutes by itself. */
  readonly timeout?: Duration;
  readonly logRetention: RetentionDays;
};

/** A state machine with its log, its traces and a role that may invoke its own functions and queue its failures. */
export class Workflow<F extends string = string> extends Construct {
  readonly machine: StateMachine;
  readonly fullName: string;
  readonly type: 'express' | 'standard';

  constructor(scope: Construct, id: string, props: WorkflowProps<F>) {
    super(scope, id);
    this.fullName = props.machineName;
    this.type = props.type;
    const express = props.type === 'express';
    const logs = new LogGroup(this, 'Log', {
      // Names below /aws/vendedlogs keep the account's one log resource policy from running into its size limit.
      logGroupName: `/aws/vendedlogs/states/${props.machineName}`,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const functions: readonly TaskFunction[] = Object.values(props.functions);
    const role = new Role(this, 'Role', {
      assumedBy: serviceOfThisAccount('states.amazonaws.com'),
      description: `What ${props.machineName} may do`,
      inlinePolicies: {
        work: new PolicyDocument({
          statements: [
            new PolicyStatement({
              sid: 'InvokeTasks',
              actions: ['lambda:InvokeFunction'],
              resources: functions.map((each) => each.lambda.functionArn),
            }),
            new PolicyStatement({
              sid: 'QueueFailures',
              actions: ['sqs:SendMessage'],
              resources: [props.failures.queueArn],
            }),
          ],
        }),
        observe: new PolicyDocument({ statements: [deliverLogs(), trace()] }),
      },
    });
    acceptFinding(
      role,
      'AwsSolutions-IAM5[Resource::*]',
      'Log delivery and X-Ray actions have no resource types; a test holds that no other statement has *.',
    );
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: props.machineName,
      stateMachineType: express ? StateMachineType.EXPRESS : StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromChainable(props.define(this, props.functions, props.failures)),
      // The construct would add wider statements of its own; all are above.
      role: role.withoutPolicyUpdates(),
      tracingEnabled: true,
      // No execution data in logs: it names customers. The failures queue holds the input of what failed.
      logs: {
        destination: logs,
        level: express ? LogLevel.ERROR : LogLevel.ALL,
        includeExecutionData: false,
      },
      ...(props.timeout && { timeout: props.timeout }),
    });
    if (express) {
      acceptFinding(
        this.machine,
        'AwsSolutions-SF1',
        'On the hot path logging every event would cost an eighth of carrying an order. Failures are logged; what succeeded is told by the facts in the table.',
      );
    }
  }
}

/** How a state machine delivers to CloudWatch Logs; these actions have no resource types. */
function deliverLogs(): PolicyStatement {
  return new PolicyStatement({
    sid: 'DeliverLogs',
    actions: [
      'logs:CreateLogDelivery',
      'logs:GetLogDelivery',
      'logs:UpdateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:DescribeResourcePolicies',
      'logs:DescribeLogGroups',
    ],
    resources: ['*'],
  });
}

function trace(): PolicyStatement {
  return new PolicyStatement({
    sid: 'WriteTraces',
    actions: [
      'xray:PutTraceSegments',
      'xray:PutTelemetryRecords',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
    ],
    resources: ['*'],
  });
}
