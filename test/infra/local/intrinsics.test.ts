import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAssembly, resourcesOf } from '../../../infra/local/template/assembly.ts';
import { Resolver } from '../../../infra/local/template/intrinsics.ts';

const place = { region: 'eu-west-1', account: '111122223333', apiUrl: 'http://localhost:4400' };

function resolve(value: unknown, template: Record<string, unknown> = {}): unknown {
  const dir = mkdtempSync(join(tmpdir(), 'o2c-intrinsics-'));
  const Resources = {
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::Sub': 'o2c-${Stage}-failures' } } },
    Probe: { Type: 'Custom::Probe', Properties: { value } },
  };
  const Parameters = { Stage: { Default: 'dev' } };
  writeFileSync(join(dir, 'service.template.json'), JSON.stringify({ Parameters, Resources, ...template }));
  writeFileSync(
    join(dir, 'data.template.json'),
    JSON.stringify({
      Resources: { Table: { Type: 'AWS::DynamoDB::GlobalTable', Properties: { TableName: 'orders' } } },
      Outputs: { T: { Value: { 'Fn::GetAtt': ['Table', 'StreamArn'] }, Export: { Name: 'data:Stream' } } },
    }),
  );
  const assembly = readAssembly(dir);
  const [probe] = resourcesOf(assembly, 'Custom::Probe');
  if (probe === undefined) throw new Error('no probe');
  return new Resolver(assembly, place).property(probe, 'value');
}

describe('resolving a template', () => {
  it('gives a queue its address by Ref and its ARN by GetAtt, by its resolved name', () => {
    expect(resolve({ Ref: 'Queue' })).toBe(
      'https://sqs.eu-west-1.amazonaws.com/111122223333/o2c-dev-failures',
    );
    expect(resolve({ 'Fn::GetAtt': ['Queue', 'Arn'] })).toBe(
      'arn:aws:sqs:eu-west-1:111122223333:o2c-dev-failures',
    );
    expect(resolve({ 'Fn::GetAtt': 'Queue.Arn' })).toBe(
      'arn:aws:sqs:eu-west-1:111122223333:o2c-dev-failures',
    );
  });

  it('finds what another stack exports', () => {
    expect(resolve({ 'Fn::ImportValue': { 'Fn::Join': ['', ['data', ':Stream']] } })).toMatch(
      /^arn:aws:dynamodb:eu-west-1:111122223333:table\/orders\/stream\//,
    );
  });

  it('joins, substitutes, splits and selects', () => {
    expect(resolve({ 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }, 1]] })).toBe('a-eu-west-1-1');
    expect(resolve({ 'Fn::Sub': ['${x}/${Queue.QueueName}/${!literal}', { x: 'y' }] })).toBe(
      'y/o2c-dev-failures/${literal}',
    );
    expect(resolve({ 'Fn::Select': [1, { 'Fn::Split': [',', 'a,b,c'] }] })).toBe('b');
  });

  it('follows conditions and leaves out what is AWS::NoValue', () => {
    const Conditions = {
      IsDev: { 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] },
      IsProd: { 'Fn::Not': [{ Condition: 'IsDev' }] },
    };
    const value = {
      kept: { 'Fn::If': ['IsDev', 1, 2] },
      left: { 'Fn::If': ['IsProd', 1, { Ref: 'AWS::NoValue' }] },
    };
    expect(resolve(value, { Conditions })).toEqual({ kept: 1 });
  });

  it('says which resource has something it can not resolve', () => {
    expect(() => resolve({ 'Fn::GetAtt': ['Queue', 'Colour'] })).toThrow(
      'service/Probe (Custom::Probe): attribute Colour of Queue (AWS::SQS::Queue) is not known to the local run',
    );
    expect(() => resolve({ 'Fn::ImportValue': 'nowhere' })).toThrow('no stack exports nowhere');
    expect(() => resolve('{{resolve:ssm:/a}}')).toThrow('is resolved by CloudFormation only');
  });
});
