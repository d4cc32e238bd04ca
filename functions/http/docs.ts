import { contracts } from '#shared/http/contracts.ts';
import { getDocs, getOpenApi } from '#shared/http/docs/docs-api.ts';
import { docsPage } from '#shared/http/docs/docs-page.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { openApi } from '#shared/http/openapi.ts';
import { routesWith } from '#shared/http/routes.ts';

/** Nothing here depends on the request, so that a browser may keep it for a while. */
const headers = { 'cache-control': 'public, max-age=300' };
const served = routesWith(process.env['PAYMENT_PROVIDER'] === 'stripe' ? 'stripe' : 'sandbox');
const operations = new Set<string>(served.map(({ operationId }) => operationId));
const api = openApi(
  served,
  contracts.filter(({ operationId }) => operations.has(operationId)),
);
const page = docsPage(api);

const json = operation(getOpenApi, async () => ({ body: api, headers }));
const html = operation(getDocs, async () => ({ html: page, headers }));

export const handler = httpFunction(undefined, [json, html]);
