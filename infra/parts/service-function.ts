import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { bundleDirectory, type FunctionName, functions } from '../functions.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { acceptFinding } from './nag.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Resources that can be named by wildcard only. */
export type Wildcards = { readonly resources: readonly string[]; readonly reason: string };

export type ServiceFunctionProps = {
  /** The name it is deployed under. */
  readonly functionName: string;
  readonly environment: Readonly<Record<string, string>>;
  /** All it may do, besides its own log and its traces. */
  readonly permissions: readonly PolicyStatement[];
  readonly logRetention: RetentionDays;
  /** Which resources some of `permissions` name by wildcard, as cdk-nag spells them, and why. */
  readonly wildcards?: Wildcards;
  /** Where events go that failed all attempts; for functions that are invoked asynchronously. */
  readonly deadLetters?: DeadLetterQueue;
};

/** One Lambda with its own log group and its own role, which holds exactly the statements written here. */
export class ServiceFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly name: FunctionName;
  /** As deployed; a plain string, where `lambda.functionName` is a reference. */
  readonly fullName: string;
  /** Seconds. */
  readonly timeout: number;

  constructor(scope: Construct, name: FunctionName, props: ServiceFunctionProps) {
    super(scope, name);
    const spec = functions[name];
    this.name = name;
    this.fullName = props.functionName;
    this.timeout = spec.timeout;

    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${props.functionName}`,
      retention: props.logRetention,
      // The audit trail is the facts in the table. A log that outlived its stack would block the next deployment.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const statements = [writeLog(logGroup), ...props.permissions];
    if (props.deadLetters) statements.push(sendTo(props.deadLetters));
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${props.functionName} may do`,
      inlinePolicies: {
        work: new PolicyDocument({ statements }),
        trace: new PolicyDocument({ statements: [writeTraces()] }),
      },
    });
    acceptTracingWildcard(role);
    for (const resource of props.wildcards?.resources ?? []) {
      acceptFinding(role, `AwsSolutions-IAM5[Resource::${resource}]`, props.wildcards?.reason ?? '');
    }

    this.lambda = new LambdaFunction(this, 'Function', {
      functionName: props.functionName,
      description: spec.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(join(root, bundleDirectory(name)), { exclude: ['*.map'] }),
      memorySize: spec.memory,
      timeout: Duration.seconds(spec.timeout),
      environment: { ...props.environment },
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      logGroup,
      // The construct would add wider statements of its own; all are above.
      role: role.withoutPolicyUpdates(),
      ...(props.deadLetters && { deadLetterQueue: props.deadLetters }),
    });
    if (!props.deadLetters) {
      acceptFinding(
        this.lambda,
        'Serverless-LambdaDLQ',
        'Never invoked asynchronously: its caller (HTTP API, state machine or stream mapping) gets the error and acts on it.',
      );
    }
  }
}

function writeLog(logGroup: LogGroup): PolicyStatement {
  return new PolicyStatement({
    sid: 'WriteLog',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroup.logGroupArn],
  });
}

function sendTo(queue: DeadLetterQueue): PolicyStatement {
  return new PolicyStatement({
    sid: 'SendDeadLetters',
    actions: ['sqs:SendMessage'],
    resources: [queue.queueArn],
  });
}

/** X-Ray knows no resources to narrow these two to. */
function writeTraces(): PolicyStatement {
  return new PolicyStatement({
    sid: 'WriteTraces',
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    resources: ['*'],
  });
}

function acceptTracingWildcard(role: Role): void {
  const reason =
    'xray:PutTraceSegments and xray:PutTelemetryRecords have no resource types; a test holds that no other statement has *.';
  acceptFinding(role, 'AwsSolutions-IAM5[Resource::*]', reason);
  acceptFinding(role, 'Serverless-LambdaStarPermissions', reason);
}
