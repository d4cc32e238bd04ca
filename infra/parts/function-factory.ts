import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Deployment } from '../context.ts';
import type { DataStack } from '../data-stack.ts';
import { type Capability, type FunctionName, functionNamesWith, functions } from '../functions.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { sendMail } from './mail-sender.ts';
import { ServiceFunction, type Wildcards } from './service-function.ts';
import { tableStatements } from './table-access.ts';

/** What a function gets besides what `infra/functions.ts` says of it: things that only the wiring knows. */
export type Wiring = {
  readonly permissions?: readonly PolicyStatement[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly deadLetters?: DeadLetterQueue;
};

export type FunctionFactoryProps = {
  /** What deployed names begin with; the name of the mails' configuration set. */
  readonly prefix: string;
  readonly deployment: Deployment;
  readonly data: DataStack;
  /** Address of the API, for links in mails. */
  readonly publicUrl: string;
  readonly logRetention: RetentionDays;
};

type Grant = {
  readonly environment: Readonly<Record<string, string>>;
  readonly permissions: readonly PolicyStatement[];
  readonly wildcards?: Wildcards;
};

/** Makes the functions of `infra/functions.ts`, each once, with what each declares that it needs. */
export class FunctionFactory {
  private readonly made = new Map<FunctionName, ServiceFunction>();
  private readonly scope: Construct;
  private readonly props: FunctionFactoryProps;

  constructor(scope: Construct, props: FunctionFactoryProps) {
    this.scope = scope;
    this.props = props;
  }

  /** The function of this name, made when it is asked for first. */
  get(name: FunctionName, wiring: Wiring = {}): ServiceFunction {
    const made = this.made.get(name) ?? this.make(name, wiring);
    this.made.set(name, made);
    return made;
  }

  /** All functions, in the order of `infra/functions.ts`. @throws when one of them was never asked for: nothing wakes it */
  all(): readonly ServiceFunction[] {
    return functionNamesWith(this.props.deployment.paymentProvider).map((name) => {
      const made = this.made.get(name);
      if (made === undefined) throw new Error(`infra/functions.ts names ${name}, but nothing wakes it`);
      return made;
    });
  }

  private make(name: FunctionName, wiring: Wiring): ServiceFunction {
    const { data, deployment, prefix, logRetention } = this.props;
    const spec = functions[name];
    const grants = spec.uses.map((capability) => this.grant(capability));
    const wildcards = grants.find((grant) => grant.wildcards !== undefined)?.wildcards;
    return new ServiceFunction(this.scope, name, {
      functionName: `${prefix}-${name}`,
      logRetention,
      environment: {
        STAGE: deployment.stage,
        COMPANY: JSON.stringify(deployment.company),
        TABLE_NAME: data.table.tableName,
        ...Object.assign({}, ...grants.map((grant) => grant.environment)),
        ...wiring.environment,
      },
      permissions: [
        ...tableStatements(data.table, spec.table),
        ...grants.flatMap((grant) => grant.permissions),
        ...(wiring.permissions ?? []),
      ],
      ...(wildcards !== undefined && { wildcards }),
      ...(wiring.deadLetters && { deadLetters: wiring.deadLetters }),
    });
  }

  private grant(capability: Capability): Grant {
    const { data, deployment, publicUrl, prefix } = this.props;
    switch (capability) {
      case 'mail':
        return {
          environment: { SENDER_ADDRESS: deployment.senderAddress, MAIL_CONFIGURATION_SET: prefix },
          permissions: [sendMail(this.scope, deployment.senderAddress, prefix)],
        };
      case 'paymentSecret':
        return {
          environment: { PAYMENT_SECRET_ID: data.paymentSecret.secretArn },
          permissions: [
            new PolicyStatement({
              sid: 'ReadPaymentSecret',
              actions: ['secretsmanager:GetSecretValue'],
              resources: [data.paymentSecret.secretArn],
            }),
          ],
        };
      case 'paymentProviderName':
        return { environment: { PAYMENT_PROVIDER: deployment.paymentProvider }, permissions: [] };
      case 'paymentProvider': {
        const named = { PAYMENT_PROVIDER: deployment.paymentProvider };
        if (!data.stripeSecret) return { environment: named, permissions: [] };
        const { secretArn } = data.stripeSecret;
        const methods = deployment.stripePaymentMethods ?? ['card'];
        return {
          environment: { ...named, STRIPE_SECRET_ID: secretArn, STRIPE_METHODS: methods.join(',') },
          permissions: [
            new PolicyStatement({
              sid: 'ReadStripeSecret',
              actions: ['secretsmanager:GetSecretValue'],
              resources: [secretArn],
            }),
          ],
        };
      }
      case 'publicUrl':
        return { environment: { PUBLIC_URL: publicUrl }, permissions: [] };
      case 'accessPoint':
        return { environment: { ACCESS_POINT: deployment.accessPoint }, permissions: [] };
      case 'financeRecipients':
        return {
          environment: { FINANCE_RECIPIENTS: deployment.financeRecipients.join(',') },
          permissions: [],
        };
      case 'renderDocument': {
        const { functionArn } = this.get('render-document').lambda;
        return {
          environment: { RENDER_FUNCTION: functionArn },
          permissions: [
            new PolicyStatement({
              sid: 'RenderDocument',
              actions: ['lambda:InvokeFunction'],
              resources: [functionArn],
            }),
          ],
        };
      }
      case 'salesTax':
        return {
          environment: deployment.salesTaxProvider ? { SALES_TAX_PROVIDER: deployment.salesTaxProvider } : {},
          permissions: [],
        };
      case 'putStatements':
        return {
          environment: { STATEMENT_BUCKET: data.statementFiles.bucketName },
          wildcards: filesByWildcard(data, ['statements', 'uploads']),
          permissions: [filesStatement('PutStatements', 's3:PutObject', data, ['statements', 'uploads'])],
        };
      case 'readStatements':
        return {
          environment: { STATEMENT_BUCKET: data.statementFiles.bucketName },
          wildcards: filesByWildcard(data, ['statements', 'uploads']),
          permissions: [
            filesStatement('ReadStatements', 's3:GetObject', data, ['statements', 'uploads']),
            filesStatement('KeepUploads', 's3:PutObject', data, ['statements']),
          ],
        };
      case 'putFacts':
        return {
          environment: { BUS_NAME: data.bus.eventBusName },
          permissions: [
            new PolicyStatement({
              sid: 'PutFacts',
              actions: ['events:PutEvents'],
              resources: [data.bus.eventBusArn],
            }),
          ],
        };
      default:
        return capability satisfies never;
    }
  }
}

function filesByWildcard(data: DataStack, folders: readonly string[]): Wildcards {
  return {
    resources: folders.map((folder) => `${data.statementFilesExport}/${folder}/*`),
    reason: 'Files are named by their content or upload: a folder of the bucket is as narrow as it gets.',
  };
}

/** Leave to do `action` with the files of `folders`. */
function filesStatement(
  sid: string,
  action: string,
  { statementFiles }: DataStack,
  folders: readonly string[],
): PolicyStatement {
  return new PolicyStatement({
    sid,
    actions: [action],
    resources: folders.map((folder) => statementFiles.arnForObjects(`${folder}/*`)),
  });
}
