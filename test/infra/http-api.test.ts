import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { routes, routesWith } from '#shared/http/routes.ts';
import { functions } from '../../infra/functions.ts';
import { resourcesOf, type Synthesised, synthesised } from './synthesised.ts';

let dev: Synthesised;
beforeAll(async () => {
  dev = await synthesised();
}, 180_000);

const Ref = z.object({ Ref: z.string() });
const Arn = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) });
const Join = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) });
const RouteProperties = z.object({
  RouteKey: z.string(),
  AuthorizationType: z.enum(['JWT', 'NONE']),
  AuthorizerId: Ref.optional(),
  Target: Join,
});

/** `GET /v1/orders http-orders JWT`, as deployed: through the integration to the name of the function. */
function deployedRoutes(): string[] {
  const { Resources } = dev.service;
  return resourcesOf(dev.service, 'AWS::ApiGatewayV2::Route').map(([, route]) => {
    const { RouteKey, AuthorizationType, Target } = RouteProperties.parse(route.Properties);
    const integration = Resources[Ref.parse(Target['Fn::Join'][1][1]).Ref];
    const [lambda] = Arn.parse(integration?.Properties['IntegrationUri'])['Fn::GetAtt'];
    return `${RouteKey} ${String(Resources[lambda]?.Properties['FunctionName'])} ${AuthorizationType}`;
  });
}

describe('the HTTP API', () => {
  it('is deployed with exactly the routes of the route list, each to its function, guarded unless public', () => {
    const listed = routesWith('sandbox').map(
      (route) =>
        `${route.method} ${route.path} o2c-dev-${route.function} ${route.roles === 'public' ? 'NONE' : 'JWT'}`,
    );
    expect(deployedRoutes().toSorted()).toEqual(listed.toSorted());
  });

  it('leaves nothing below /v1 without a token', () => {
    expect(deployedRoutes().filter((route) => route.includes(' /v1/') && route.endsWith('NONE'))).toEqual([]);
  });

  it('serves every function that is filed under http or webhooks, and no other', () => {
    const woken = new Set<string>(routes.map((route) => route.function));
    const filed = Object.entries(functions).filter(([, { entry }]) =>
      /^functions\/(http|webhooks)\//.test(entry),
    );
    expect(filed.map(([name]) => name).toSorted()).toEqual([...woken].toSorted());
  });

  it('trusts tokens of the user pool that are meant for this client', () => {
    const [authorizer] = resourcesOf(dev.service, 'AWS::ApiGatewayV2::Authorizer');
    expect(authorizer?.[1].Properties).toMatchObject({
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Audience: [{ 'Fn::ImportValue': expect.stringContaining('ApiClient') }] },
    });
    expect(JSON.stringify(authorizer?.[1].Properties['JwtConfiguration'])).toContain('https://cognito-idp.');
  });

  it('lets no browser page of another origin in', () => {
    const [api] = resourcesOf(dev.service, 'AWS::ApiGatewayV2::Api');
    expect(api?.[1].Properties).not.toHaveProperty('CorsConfiguration');
  });

  it('answers on its default stage, throttled, and logs who asked for what but no bodies and no tokens', () => {
    const [stage] = resourcesOf(dev.service, 'AWS::ApiGatewayV2::Stage');
    expect(stage?.[1].Properties).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingBurstLimit: 400, ThrottlingRateLimit: 200 },
    });
    const { AccessLogSettings } = z
      .object({ AccessLogSettings: z.object({ Format: z.string() }) })
      .parse(stage?.[1].Properties);
    expect(Object.keys(z.record(z.string(), z.string()).parse(JSON.parse(AccessLogSettings.Format)))).toEqual(
      [
        'requestId',
        'time',
        'route',
        'status',
        'sourceIp',
        'subject',
        'latencyMs',
        'integrationLatencyMs',
        'bytes',
        'error',
        'authorizerError',
        'integrationError',
      ],
    );
  });
});
