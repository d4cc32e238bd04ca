import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IUserPool, IUserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type routes, routesWith } from '#shared/http/routes.ts';
import { acceptFinding } from './nag.ts';

/** One entry of the route list. */
export type ApiRoute = (typeof routes)[number];

export type OrderApiProps = {
  readonly apiName: string;
  readonly userPool: IUserPool;
  readonly userPoolClient: IUserPoolClient;
  readonly logRetention: RetentionDays;
  readonly paymentProvider: 'sandbox' | 'stripe';
};

/** Requests per second over all callers, and how many may come at once. Above, API Gateway answers 429. */
const throttle = { rateLimit: 200, burstLimit: 400 };

/**
 * The HTTP API: one gateway route per entry of the route list, none besides. CORS is off: no browser page of another
 * origin has business here. Functions may know its address before they are routed to, so routes are added last.
 */
export class OrderApi extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;
  private readonly authorizer: HttpJwtAuthorizer;
  private readonly paymentProvider: 'sandbox' | 'stripe';

  constructor(scope: Construct, id: string, props: OrderApiProps) {
    super(scope, id);
    this.paymentProvider = props.paymentProvider;
    this.api = new HttpApi(this, 'Api', {
      apiName: props.apiName,
      description: 'Order to cash',
      createDefaultStage: false,
    });
    this.authorizer = new HttpJwtAuthorizer(
      'Users',
      `https://cognito-idp.${props.userPool.env.region}.amazonaws.com/${props.userPool.userPoolId}`,
      { jwtAudience: [props.userPoolClient.userPoolClientId] },
    );
    const accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: `/aws/vendedlogs/apigateway/${props.apiName}`,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle,
      // Detailed metrics stay off: each route would be billed as five custom metrics, and the log has the same.
      accessLogSettings: { destination: new LogGroupLogDestination(accessLog), format: accessLogFormat() },
    });
  }

  /** The address the API answers on, without a slash at the end. */
  get url(): string {
    return this.api.apiEndpoint;
  }

  /** Makes every route that the list has for the payment provider. @param functionOf gives the function that a route names */
  addRoutes(functionOf: (route: ApiRoute) => IFunction): void {
    const integrations = new Map<string, HttpLambdaIntegration>();
    for (const route of routesWith(this.paymentProvider)) {
      const name = route.function;
      // One permission for all routes of a function: one for each would take a fifth of the resources a stack may have.
      const integration =
        integrations.get(name) ??
        new HttpLambdaIntegration(name, functionOf(route), { scopePermissionToRoute: false });
      integrations.set(name, integration);
      const isPublic = route.roles === 'public';
      const added = this.api.addRoutes({
        path: route.path,
        methods: [HttpMethod[route.method]],
        integration,
        ...(!isPublic && { authorizer: this.authorizer }),
      });
      if (!isPublic) continue;
      for (const each of added) {
        acceptFinding(each, 'AwsSolutions-APIG4', `Public on purpose: ${reasonToBePublic(route.path)}`);
      }
    }
  }
}

function reasonToBePublic(path: string): string {
  if (path.startsWith('/pay/')) return 'the link in an invoice mail; its token is signed.';
  if (path.startsWith('/portal/')) return 'the payer portal in a mail; its token is signed and expires.';
  if (path.startsWith('/sandbox/')) return 'the hosted page of the payment provider; its session is signed.';
  if (path.startsWith('/webhooks/')) return 'the payment provider calls it; each request is signed.';
  return 'the description of the API holds no data.';
}

/** Who asked for what, how it went and how long it took; no bodies, no query strings, no tokens. */
function accessLogFormat(): AccessLogFormat {
  return AccessLogFormat.custom(
    JSON.stringify({
      requestId: '$context.requestId',
      time: '$context.requestTimeEpoch',
      route: '$context.routeKey',
      status: '$context.status',
      sourceIp: '$context.identity.sourceIp',
      subject: '$context.authorizer.claims.sub',
      latencyMs: '$context.responseLatency',
      integrationLatencyMs: '$context.integrationLatency',
      bytes: '$context.responseLength',
      error: '$context.error.message',
      authorizerError: '$context.authorizer.error',
      integrationError: '$context.integrationErrorMessage',
    }),
  );
}
