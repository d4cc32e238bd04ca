/** The place everything is said to live in. */
export type Place = {
  region: string;
  account: string;
  /** Where the HTTP API is served: http://localhost:4400 */
  apiUrl: string;
};

/** The name a resource has once deployed, what `Ref` gives for it, and its attributes. */
export type Identity = { name: string; ref: string; attributes: Record<string, string> };

/** The property that holds a resource's own name, for those that have one. */
const nameProperty: Record<string, string> = {
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::Events::EventBus': 'Name',
  'AWS::Events::Rule': 'Name',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
  'AWS::Scheduler::Schedule': 'Name',
  'AWS::Scheduler::ScheduleGroup': 'Name',
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::SES::EmailIdentity': 'EmailIdentity',
  'AWS::SES::ConfigurationSet': 'Name',
  'AWS::SSM::Parameter': 'Name',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::IAM::Role': 'RoleName',
};

export function namePropertyOf(type: string): string | undefined {
  return nameProperty[type];
}

/** The moment in the stream's name: fixed, so that a stream keeps its ARN over restarts. */
const streamLabel = '2026-01-01T00:00:00.000';

/** What `Ref` and `Fn::GetAtt` give for a resource of this type, named so, in this place. */
export function identify(type: string, name: string, place: Place): Identity {
  const arn = (service: string, rest: string): string =>
    `arn:aws:${service}:${place.region}:${place.account}:${rest}`;
  const plain = (attributes: Record<string, string>, ref = name): Identity => ({ name, ref, attributes });
  const id = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .slice(-10);
  switch (type) {
    case 'AWS::DynamoDB::Table':
    case 'AWS::DynamoDB::GlobalTable': {
      const table = arn('dynamodb', `table/${name}`);
      return plain({ Arn: table, StreamArn: `${table}/stream/${streamLabel}` });
    }
    case 'AWS::Lambda::Function':
      return plain({ Arn: arn('lambda', `function:${name}`) });
    case 'AWS::Lambda::Version':
    case 'AWS::Lambda::Alias':
      return plain({}, arn('lambda', `function:${name}`));
    case 'AWS::SQS::Queue':
      return plain(
        { Arn: arn('sqs', name), QueueName: name, QueueUrl: queueUrl(name, place) },
        queueUrl(name, place),
      );
    case 'AWS::SNS::Topic':
      return plain({ TopicArn: arn('sns', name), TopicName: name }, arn('sns', name));
    case 'AWS::Events::EventBus':
      return plain({ Arn: arn('events', `event-bus/${name}`), Name: name });
    case 'AWS::Events::Rule':
      return plain({ Arn: arn('events', `rule/${name}`) });
    case 'AWS::Events::Archive':
      return plain({ Arn: arn('events', `archive/${name}`) });
    case 'AWS::Logs::LogGroup':
      return plain({ Arn: arn('logs', `log-group:${name}:*`) });
    case 'AWS::StepFunctions::StateMachine':
      return plain(
        { Arn: arn('states', `stateMachine:${name}`), Name: name },
        arn('states', `stateMachine:${name}`),
      );
    case 'AWS::Scheduler::Schedule':
      return plain({ Arn: arn('scheduler', `schedule/default/${name}`) });
    case 'AWS::Scheduler::ScheduleGroup':
      return plain({ Arn: arn('scheduler', `schedule-group/${name}`) });
    case 'AWS::SecretsManager::Secret':
      return plain({ Id: arn('secretsmanager', `secret:${name}`) }, arn('secretsmanager', `secret:${name}`));
    case 'AWS::ApiGatewayV2::Api':
      return plain({ ApiEndpoint: place.apiUrl, ApiId: id }, id);
    case 'AWS::Cognito::UserPool': {
      const pool = `${place.region}_${id}`;
      const provider = `cognito-idp.${place.region}.amazonaws.com/${pool}`;
      return plain(
        {
          Arn: arn('cognito-idp', `userpool/${pool}`),
          ProviderName: provider,
          ProviderURL: `https://${provider}`,
          UserPoolId: pool,
        },
        pool,
      );
    }
    case 'AWS::Cognito::UserPoolClient':
      return plain({ ClientId: id, Name: name }, id);
    case 'AWS::SES::EmailIdentity':
      return plain({ EmailIdentityArn: arn('ses', `identity/${name}`) });
    case 'AWS::IAM::Role':
      return plain({ Arn: `arn:aws:iam::${place.account}:role/${name}`, RoleId: name });
    case 'AWS::KMS::Key':
      return plain({ Arn: arn('kms', `key/${name}`), KeyId: name });
    case 'AWS::S3::Bucket':
      return plain({ Arn: `arn:aws:s3:::${name.toLowerCase()}` }, name.toLowerCase());
    default:
      return plain({});
  }
}

/** The address SQS would give a queue. */
function queueUrl(name: string, place: Pick<Place, 'region' | 'account'>): string {
  return `https://sqs.${place.region}.amazonaws.com/${place.account}/${name}`;
}

/** The last part of an ARN, a queue address or a plain name: the resource's own name. */
export function nameIn(arnOrUrl: string): string {
  return arnOrUrl.split(/[:/]/).at(-1) ?? arnOrUrl;
}
