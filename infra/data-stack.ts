import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnUserPoolGroup,
  ClientAttributes,
  Mfa,
  StringAttribute,
  UserPool,
  UserPoolClient,
} from 'aws-cdk-lib/aws-cognito';
import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Archive, EventBus } from 'aws-cdk-lib/aws-events';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import * as z from 'zod';
import { roles } from '#shared/http/roles.ts';
import { tableNames } from '#shared/table/names.ts';
import type { Deployment } from './context.ts';
import { acceptFinding } from './parts/nag.ts';

const Import = z.object({ 'Fn::ImportValue': z.string() });

/**
 * What must outlive a deploy of the service: the table, who may sign in, the event bus with its archive, the
 * secret that signs payment links, and the files of bank statements. In every stage but `dev` nothing of it is deleted with the stack.
 */
export class DataStack extends Stack {
  readonly table: Table;
  readonly userPool: UserPool;
  readonly userPoolClient: UserPoolClient;
  readonly bus: EventBus;
  readonly paymentSecret: Secret;
  /** Only where Stripe takes payments. */
  readonly stripeSecret: Secret | undefined;
  readonly statementFiles: Bucket;
  /** What the ARN of that bucket is exported as: cdk-nag names findings by it. */
  readonly statementFilesExport: string;

  constructor(scope: Construct, id: string, props: StackProps & { deployment: Deployment }) {
    super(scope, id, props);
    const { stage } = props.deployment;
    const disposable = stage === 'dev';
    const removalPolicy = disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;

    this.table = this.makeTable(removalPolicy, !disposable);
    this.userPool = this.makeUserPool(stage, removalPolicy, !disposable);
    this.userPoolClient = this.makeUserPoolClient();
    for (const role of roles) {
      new CfnUserPoolGroup(this, `Group-${role}`, { userPoolId: this.userPool.userPoolId, groupName: role });
    }
    this.bus = this.makeBus(stage, removalPolicy);
    this.paymentSecret = this.makePaymentSecret(removalPolicy);
    this.stripeSecret =
      props.deployment.paymentProvider === 'stripe' ? this.makeStripeSecret(stage, removalPolicy) : undefined;
    this.statementFiles = this.makeStatementFiles(removalPolicy);
    const imported: unknown = this.resolve(this.exportValue(this.statementFiles.bucketArn));
    this.statementFilesExport = Import.parse(imported)['Fn::ImportValue'];

    new CfnOutput(this, 'TableName', { value: this.table.tableName });
    new CfnOutput(this, 'UserPoolId', { value: this.userPool.userPoolId });
    new CfnOutput(this, 'UserPoolClientId', { value: this.userPoolClient.userPoolClientId });
  }

  private makeTable(removalPolicy: RemovalPolicy, deletionProtection: boolean): Table {
    const table = new Table(this, 'Table', {
      partitionKey: { name: tableNames.partitionKey, type: AttributeType.STRING },
      sortKey: { name: tableNames.sortKey, type: AttributeType.STRING },
      timeToLiveAttribute: tableNames.timeToLive,
      billingMode: BillingMode.PAY_PER_REQUEST,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // Encryption at rest stays with the key that AWS owns: a key of our own would bill every request.
      deletionProtection,
      removalPolicy,
    });
    for (const [indexName, index] of Object.entries(tableNames.indexes)) {
      const include: readonly string[] = index.include;
      table.addGlobalSecondaryIndex({
        indexName,
        partitionKey: { name: index.partitionKey, type: AttributeType.STRING },
        sortKey: { name: index.sortKey, type: AttributeType.STRING },
        ...(include.length === 0
          ? { projectionType: ProjectionType.KEYS_ONLY }
          : { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...include] }),
      });
    }
    return table;
  }

  private makeUserPool(stage: string, removalPolicy: RemovalPolicy, deletionProtection: boolean): UserPool {
    const userPool = new UserPool(this, 'Users', {
      userPoolName: `o2c-${stage}`,
      // Colleagues and customers are invited by an administrator, who also says which customer they buy for.
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      autoVerify: { email: true },
      standardAttributes: { email: { required: true, mutable: true } },
      customAttributes: { customer_id: new StringAttribute({ mutable: true, maxLen: 64 }) },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      deletionProtection,
      removalPolicy,
    });
    acceptFinding(
      userPool,
      'AwsSolutions-COG8',
      'The Plus tier bills each active user; invitation only, 12 characters and a mandatory second factor cover its cases.',
    );
    return userPool;
  }

  private makeUserPoolClient(): UserPoolClient {
    return new UserPoolClient(this, 'ApiClient', {
      userPool: this.userPool,
      // SRP for apps; the admin flow lets someone with AWS rights fetch a token from the command line.
      authFlows: { userSrp: true, adminUserPassword: true },
      disableOAuth: true,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      idTokenValidity: Duration.hours(1),
      accessTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(1),
      // A user who could write custom:customer_id could read another customer's orders. Left out of the writable
      // attributes, it changes only through the administrator's API.
      writeAttributes: new ClientAttributes().withStandardAttributes({ email: true }),
      readAttributes: new ClientAttributes()
        .withStandardAttributes({ email: true, emailVerified: true })
        .withCustomAttributes('customer_id'),
    });
  }

  private makeBus(stage: string, removalPolicy: RemovalPolicy): EventBus {
    const bus = new EventBus(this, 'Bus', {
      eventBusName: `o2c-${stage}`,
      description: 'Facts, relayed from the table',
    });
    const archive = new Archive(this, 'Facts', {
      sourceEventBus: bus,
      archiveName: `o2c-${stage}-facts`,
      description: 'Every fact that reached the bus, for replay to a new consumer',
      eventPattern: { source: ['o2c'] },
      retention: Duration.days(365),
    });
    bus.applyRemovalPolicy(removalPolicy);
    archive.applyRemovalPolicy(removalPolicy);
    return bus;
  }

  /** Made without Stripe's keys, which never stand in a template: they are put in once it is there. */
  private makeStripeSecret(stage: string, removalPolicy: RemovalPolicy): Secret {
    const secret = new Secret(this, 'StripeSecret', {
      secretName: `o2c-${stage}/stripe`,
      description: 'JSON of secretKey (sk_… or rk_…) and webhookSecret (whsec_…) of Stripe',
      removalPolicy,
    });
    acceptFinding(secret, 'AwsSolutions-SMG4', "Stripe's keys are rolled at Stripe, then put in here.");
    return secret;
  }

  private makePaymentSecret(removalPolicy: RemovalPolicy): Secret {
    const secret = new Secret(this, 'PaymentSecret', {
      description: 'Signs the "Pay now" links in mails and the webhooks of the payment provider',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy,
    });
    acceptFinding(
      secret,
      'AwsSolutions-SMG4',
      'Rotation would break the payment links in mails that customers already hold; docs/runbook.md says how to rotate after a leak.',
    );
    return secret;
  }
  private makeStatementFiles(removalPolicy: RemovalPolicy): Bucket {
    const bucket = new Bucket(this, 'StatementFiles', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      // A file is named by its content and never changed; who could delete one by mistake finds the version before.
      versioned: true,
      lifecycleRules: [
        // What was uploaded is kept under statements/ once it is taken.
        {
          id: 'uploads',
          prefix: 'uploads/',
          expiration: Duration.days(30),
          noncurrentVersionExpiration: Duration.days(1),
        },
        {
          id: 'statements',
          prefix: 'statements/',
          transitions: [{ storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(90) }],
          noncurrentVersionExpiration: Duration.days(90),
        },
        { id: 'unfinished', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      removalPolicy,
    });
    acceptFinding(
      bucket,
      'AwsSolutions-S1',
      'Only two functions reach it; who put a file and when is a fact in the table. An access log would need a bucket of its own.',
    );
    return bucket;
  }
}
