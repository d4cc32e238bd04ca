import { beforeAll, describe, expect, it } from 'vitest';
import { resourcesOf, type Synthesised, synthesised } from './synthesised.ts';

let dev: Synthesised;
let prod: Synthesised;
beforeAll(async () => {
  dev = await synthesised();
  prod = await synthesised('prod');
}, 180_000);

const only = (from: Synthesised, type: string) => {
  const [found, ...others] = resourcesOf(from.data, type);
  expect(others).toEqual([]);
  if (!found) throw new Error(`There is no ${type}`);
  return found[1];
};

describe('the table', () => {
  it('has the keys, the stream and the time to live that the code relies on', () => {
    expect(only(dev, 'AWS::DynamoDB::Table').Properties).toMatchObject({
      KeySchema: [
        { AttributeName: 'PK', KeyType: 'HASH' },
        { AttributeName: 'SK', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    });
  });

  it('has three indexes that carry what lists need and no more', () => {
    expect(only(dev, 'AWS::DynamoDB::Table').Properties['GlobalSecondaryIndexes']).toEqual([
      index('byOwner', 'OPK', 'OSK', { ProjectionType: 'INCLUDE', NonKeyAttributes: ['sum'] }),
      index('byDue', 'DPK', 'DSK', { ProjectionType: 'INCLUDE', NonKeyAttributes: ['due'] }),
      index('byReference', 'RPK', 'RSK', { ProjectionType: 'KEYS_ONLY' }),
    ]);
  });

  const index = (IndexName: string, hash: string, range: string, Projection: object) => ({
    IndexName,
    KeySchema: [
      { AttributeName: hash, KeyType: 'HASH' },
      { AttributeName: range, KeyType: 'RANGE' },
    ],
    Projection,
  });
});

describe('what must outlive a deploy', () => {
  const types = [
    'AWS::DynamoDB::Table',
    'AWS::Cognito::UserPool',
    'AWS::Events::EventBus',
    'AWS::Events::Archive',
    'AWS::SecretsManager::Secret',
    'AWS::S3::Bucket',
  ];

  it.each(types)('%s stays when the stack of any stage but dev is deleted', (type) => {
    expect(only(prod, type).DeletionPolicy).toBe('Retain');
    expect(only(dev, type).DeletionPolicy).toBe('Delete');
  });

  it('cannot be deleted by mistake outside dev', () => {
    expect(only(prod, 'AWS::DynamoDB::Table').Properties['DeletionProtectionEnabled']).toBe(true);
    expect(only(prod, 'AWS::Cognito::UserPool').Properties['DeletionProtection']).toBe('ACTIVE');
  });

  it('holds every fact that reached the bus for a year', () => {
    expect(only(dev, 'AWS::Events::Archive').Properties).toMatchObject({
      EventPattern: { source: ['o2c'] },
      RetentionDays: 365,
    });
  });
});

describe('the files of bank statements', () => {
  it('are encrypted, versioned and closed to the public; uploads that came to nothing go after a month', () => {
    expect(only(dev, 'AWS::S3::Bucket').Properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: {
        Rules: [
          { Id: 'uploads', Prefix: 'uploads/', ExpirationInDays: 30 },
          { Id: 'statements', Prefix: 'statements/', NoncurrentVersionExpiration: { NoncurrentDays: 90 } },
          { Id: 'unfinished', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
        ],
      },
    });
  });

  it('are reached over TLS only', () => {
    expect(only(dev, 'AWS::S3::BucketPolicy').Properties).toMatchObject({
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Deny',
            Action: 's3:*',
            Principal: { AWS: '*' },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
          {
            Effect: 'Deny',
            Action: 's3:*',
            Principal: { AWS: '*' },
            Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } },
          },
        ],
      },
    });
  });
});

describe('who may sign in', () => {
  it('is invited, and proves it with a password and a second factor', () => {
    expect(only(dev, 'AWS::Cognito::UserPool').Properties).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      UsernameAttributes: ['email'],
      MfaConfiguration: 'ON',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
      Policies: {
        PasswordPolicy: {
          MinimumLength: 12,
          RequireLowercase: true,
          RequireNumbers: true,
          RequireSymbols: true,
          RequireUppercase: true,
        },
      },
    });
  });

  it('cannot say for himself which customer he is', () => {
    const client = only(dev, 'AWS::Cognito::UserPoolClient').Properties;
    expect(client['WriteAttributes']).toEqual(['email']);
    expect(client['ReadAttributes']).toContain('custom:customer_id');
  });

  it('is in one of the groups that routes name', () => {
    const groups = resourcesOf(dev.data, 'AWS::Cognito::UserPoolGroup').map(([, group]) =>
      String(group.Properties['GroupName']),
    );
    expect(groups.toSorted()).toEqual([
      'admin',
      'credit',
      'customer',
      'finance',
      'sales',
      'support',
      'warehouse',
    ]);
  });
});
