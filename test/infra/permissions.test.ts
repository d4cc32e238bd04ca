import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Capability, type FunctionName, functionNamesWith, functions } from '../../infra/functions.ts';
import { resourcesOf, type Synthesised, synthesised } from './synthesised.ts';

let dev: Synthesised;
beforeAll(async () => {
  dev = await synthesised();
}, 180_000);

const OneOrMore = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const Statement = z.object({
  Sid: z.string().optional(),
  Effect: z.literal('Allow'),
  Action: OneOrMore,
  Resource: z.unknown().transform((resource) => (Array.isArray(resource) ? resource : [resource])),
  Condition: z.unknown().optional(),
});
const Role = z.object({
  Description: z.string(),
  Policies: z.array(z.object({ PolicyDocument: z.object({ Statement: z.array(Statement) }) })),
});

function statements() {
  return resourcesOf(dev.service, 'AWS::IAM::Role').flatMap(([, resource]) => {
    const role = Role.parse(resource.Properties);
    return role.Policies.flatMap(({ PolicyDocument }) =>
      PolicyDocument.Statement.map((statement) => ({ role: role.Description, ...statement })),
    );
  });
}

function statementsOf(name: FunctionName) {
  return statements().filter(({ role }) => role === `What o2c-dev-${name} may do`);
}

function actionsOf(name: FunctionName): string[] {
  return statementsOf(name)
    .flatMap(({ Action }) => Action)
    .filter((action) => !/^(logs|xray):/.test(action))
    .toSorted();
}

const read = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Query'];
const write = [
  'dynamodb:ConditionCheckItem',
  'dynamodb:DeleteItem',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  ...read,
].toSorted();

describe('permissions', () => {
  it('are only ever written into the role of their one holder', () => {
    expect(resourcesOf(dev.service, 'AWS::IAM::Policy')).toEqual([]);
    expect(resourcesOf(dev.service, 'AWS::IAM::ManagedPolicy')).toEqual([]);
    for (const [, role] of resourcesOf(dev.service, 'AWS::IAM::Role')) {
      expect(role.Properties).not.toHaveProperty('ManagedPolicyArns');
    }
  });

  it('name no action by wildcard', () => {
    expect(statements().filter(({ Action }) => Action.some((action) => action.includes('*')))).toEqual([]);
  });

  it('name the resource *, or any by wildcard, only where an action has no resource types, and files by folder', () => {
    const wild = statements().filter(({ Resource }) => JSON.stringify(Resource).includes('*'));
    const files = wild.filter(({ Action }) => Action.some((action) => action.startsWith('s3:')));
    for (const { Resource } of files) {
      for (const each of Resource)
        expect(JSON.stringify(each)).toMatch(/StatementFiles.*"\/(statements|uploads)\/\*"/);
    }
    const actions = new Set(wild.filter((each) => !files.includes(each)).flatMap(({ Action }) => Action));
    expect([...actions].toSorted()).toEqual([
      'logs:CreateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:DescribeLogGroups',
      'logs:DescribeResourcePolicies',
      'logs:GetLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:UpdateLogDelivery',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  it('never let a function scan the table or change its definition', () => {
    const allowed = new Set([
      ...write,
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
    ]);
    allowed.add('dynamodb:ListStreams');
    const others = statements()
      .flatMap(({ Action }) => Action)
      .filter((action) => action.startsWith('dynamodb:') && !allowed.has(action));
    expect(others).toEqual([]);
  });

  it.each([
    ['http-orders', write],
    ['http-invoices', [...write, 'lambda:InvokeFunction']],
    ['render-document', [...read, 'secretsmanager:GetSecretValue']],
    ['http-remittances', write],
    ['http-docs', []],
    ['http-pay', [...write, 'lambda:InvokeFunction', 'secretsmanager:GetSecretValue']],
    ['sandbox-provider', ['secretsmanager:GetSecretValue']],
    ['payment-webhook', [...write, 'secretsmanager:GetSecretValue']],
    ['carrier-webhook', [...write, 'secretsmanager:GetSecretValue']],
    ['verify-order', read],
    ['assess-credit', write],
    ['issue-invoice', write],
    ['deliver-document', [...write, 'secretsmanager:GetSecretValue', 'ses:SendRawEmail', 'sqs:SendMessage']],
    ['mail-feedback', [...write, 'sqs:SendMessage']],
    ['http-webhook-secret', [...read, 'secretsmanager:GetSecretValue']],
    ['assess-account', read],
    ['send-refund', [...write, 'secretsmanager:GetSecretValue', 'sqs:SendMessage']],
    ['settle-payments', [...write, 'secretsmanager:GetSecretValue', 'sqs:SendMessage']],
    ['move-stock', [...write, 'sqs:SendMessage']],
    ['http-bank', [...write, 's3:PutObject']],
    ['import-statement', [...write, 's3:GetObject', 's3:PutObject', 'sqs:SendMessage']],
    ['send-mail', [...write, 'secretsmanager:GetSecretValue', 'ses:SendRawEmail', 'sqs:SendMessage']],
    ['collect', [...read, 'sqs:SendMessage', 'states:StartExecution']],
    ['statements', [...read, 'sqs:SendMessage', 'states:StartExecution']],
    ['send-statement', [...write, 'secretsmanager:GetSecretValue', 'ses:SendRawEmail']],
    ['http-reports', read],
    ['http-customers', [...write, 'lambda:InvokeFunction']],
    ['bill', [...write, 'sqs:SendMessage']],
    ['report', [...write, 'ses:SendRawEmail', 'sqs:SendMessage']],
    [
      'relay-facts',
      [
        'dynamodb:DescribeStream',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:ListStreams',
        'events:PutEvents',
        'sqs:SendMessage',
      ],
    ],
  ] as const)('of %s are these and no more', (name, actions) => {
    expect(actionsOf(name)).toEqual(actions);
  });

  it('reach the table item by item, and the indexes by name', () => {
    const queries = statementsOf('http-orders').filter(({ Action }) => Action.includes('dynamodb:Query'));
    expect(JSON.stringify(queries.find(({ Sid }) => Sid === 'ReadItems')?.Resource)).not.toContain('/index/');
    const indexes = JSON.stringify(queries.find(({ Sid }) => Sid === 'QueryIndexes')?.Resource);
    expect(indexes.match(/\/index\/\w+/g)).toEqual(['/index/byDue', '/index/byOwner', '/index/byReference']);
  });

  it('call one function only: the one that renders documents', () => {
    const calls = functionNamesWith('sandbox')
      .flatMap(statementsOf)
      .filter(({ Action }) => Action.includes('lambda:InvokeFunction'));
    const renderer = resourcesOf(dev.service, 'AWS::Lambda::Function').find(
      ([, { Properties }]) => Properties['FunctionName'] === 'o2c-dev-render-document',
    );
    const Resource = [{ 'Fn::GetAtt': [renderer?.[0], 'Arn'] }];
    expect(calls).toMatchObject([
      { role: 'What o2c-dev-http-shipping-documents may do', Resource },
      { role: 'What o2c-dev-http-invoices may do', Resource },
      { role: 'What o2c-dev-http-customers may do', Resource },
      { role: 'What o2c-dev-http-pay may do', Resource },
    ]);
  });

  it('send mail as the sender address only', () => {
    for (const name of ['deliver-document', 'send-mail', 'report'] as const) {
      const statement = statementsOf(name).find(({ Sid }) => Sid === 'SendMail');
      expect(statement?.Condition).toEqual({ StringEquals: { 'ses:FromAddress': 'accounts@example.com' } });
      const identities = JSON.stringify(statement?.Resource).match(/:identity\/[^"]+/g);
      expect(identities).toEqual([':identity/accounts@example.com', ':identity/example.com']);
      expect(JSON.stringify(statement?.Resource)).toContain(':configuration-set/o2c-dev');
    }
  });

  it('give a function the environment that goes with them', () => {
    for (const name of functionNamesWith('sandbox')) {
      const uses: readonly Capability[] = functions[name].uses;
      const variables = Object.keys(environmentOf(name));
      expect(variables, name).toEqual(expect.arrayContaining(['COMPANY', 'STAGE', 'TABLE_NAME']));
      expect(variables.includes('SENDER_ADDRESS'), name).toBe(uses.includes('mail'));
      expect(variables.includes('MAIL_CONFIGURATION_SET'), name).toBe(uses.includes('mail'));
      expect(variables.includes('ACCESS_POINT'), name).toBe(name === 'deliver-document');
      // Only the local run lets webhooks lead to private addresses.
      expect(variables, name).not.toContain('WEBHOOKS_TO_PRIVATE_ADDRESSES');
      expect(variables.includes('PAYMENT_SECRET_ID'), name).toBe(uses.includes('paymentSecret'));
      expect(variables.includes('PUBLIC_URL'), name).toBe(uses.includes('publicUrl'));
      expect(variables.includes('RENDER_FUNCTION'), name).toBe(uses.includes('renderDocument'));
      expect(variables.includes('STATEMENT_BUCKET'), name).toBe(
        ['http-bank', 'import-statement'].includes(name),
      );
      expect(variables.includes('BUS_NAME'), name).toBe(name === 'relay-facts');
      expect(variables.includes('COLLECT_MACHINE_ARN'), name).toBe(name === 'collect');
      expect(variables.includes('STATEMENT_MACHINE_ARN'), name).toBe(name === 'statements');
      expect(variables.includes('FINANCE_RECIPIENTS'), name).toBe(name === 'report');
    }
  });

  function environmentOf(name: FunctionName): Record<string, unknown> {
    const lambda = resourcesOf(dev.service, 'AWS::Lambda::Function').find(
      ([, { Properties }]) => Properties['FunctionName'] === `o2c-dev-${name}`,
    );
    return z
      .object({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) })
      .parse(lambda?.[1].Properties).Environment.Variables;
  }
});
