import { z } from 'zod';
import { LocalRunError } from '../errors.ts';
import { type Assembly, resourcesOf } from '../template/assembly.ts';
import type { Resolver } from '../template/intrinsics.ts';
import type { Route } from './routes.ts';

const RouteProperties = z.object({
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.string().default('NONE'),
  AuthorizerId: z.string().optional(),
  AuthorizationScopes: z.array(z.string()).default([]),
});
const IntegrationProperties = z.object({
  IntegrationUri: z.string(),
  IntegrationType: z.literal('AWS_PROXY'),
  PayloadFormatVersion: z.literal('2.0'),
  TimeoutInMillis: z.number().default(30_000),
});
const AuthorizerProperties = z.object({
  AuthorizerType: z.literal('JWT'),
  JwtConfiguration: z.object({ Issuer: z.string(), Audience: z.array(z.string()) }),
});
const Cors = z.object({
  AllowOrigins: z.array(z.string()).default([]),
  AllowMethods: z.array(z.string()).default([]),
  AllowHeaders: z.array(z.string()).default([]),
  ExposeHeaders: z.array(z.string()).default([]),
  AllowCredentials: z.boolean().default(false),
  MaxAge: z.number().optional(),
});
export type CorsRules = z.infer<typeof Cors>;

/** The HTTP API of the template. */
export type ApiDeclaration = {
  id: string;
  routes: Route[];
  cors: CorsRules | undefined;
  issuer: string;
  audience: string;
};

/** @throws LocalRunError when the template has not exactly one HTTP API, or it has what the local run doesn't emulate */
export function readApi(assembly: Assembly, resolver: Resolver): ApiDeclaration {
  const [api, another] = resourcesOf(assembly, 'AWS::ApiGatewayV2::Api');
  if (api === undefined || another !== undefined)
    throw new LocalRunError('The local run needs exactly one HTTP API in the templates');
  for (const stage of resourcesOf(assembly, 'AWS::ApiGatewayV2::Stage')) {
    const name = resolver.property(stage, 'StageName');
    if (name !== '$default')
      throw new LocalRunError(`Stage ${String(name)}: the local run serves the stage $default only`);
  }
  const byRef = (type: string): Map<string, Record<string, unknown>> =>
    new Map(
      resourcesOf(assembly, type).map((each) => [resolver.identity(each).ref, resolver.properties(each)]),
    );
  const integrations = byRef('AWS::ApiGatewayV2::Integration');
  const authorizers = byRef('AWS::ApiGatewayV2::Authorizer');
  const jwt = new Map(
    [...authorizers].map(([ref, each]) => [ref, AuthorizerProperties.parse(each).JwtConfiguration]),
  );
  const routes = resourcesOf(assembly, 'AWS::ApiGatewayV2::Route').map((resource): Route => {
    const route = RouteProperties.parse(resolver.properties(resource));
    const integration = IntegrationProperties.parse(
      integrations.get(route.Target.replace(/^integrations\//, '')),
    );
    const authorizer = jwt.get(route.AuthorizerId ?? '');
    if (route.AuthorizationType !== 'NONE' && authorizer === undefined) {
      throw new LocalRunError(`Route ${route.RouteKey} has an authorizer that is not JWT`);
    }
    return {
      key: route.RouteKey,
      functionArn: integration.IntegrationUri,
      timeoutMs: integration.TimeoutInMillis,
      authorizer:
        authorizer === undefined || route.AuthorizationType === 'NONE'
          ? undefined
          : { issuer: authorizer.Issuer, audience: authorizer.Audience, scopes: route.AuthorizationScopes },
    };
  });
  const cors = Cors.optional().parse(resolver.properties(api)['CorsConfiguration']);
  const [first] = jwt.values();
  return {
    id: resolver.identity(api).ref,
    routes,
    cors,
    issuer: first?.Issuer ?? 'https://local.example',
    audience: first?.Audience[0] ?? 'local',
  };
}
