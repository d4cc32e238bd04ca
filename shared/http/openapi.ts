import * as z from 'zod';
import { CarrierPolicy } from '../carrier/carrier-policy.ts';
import { CasePolicy } from '../case/case-policy.ts';
import { DunningPolicy } from '../collection/dunning-policy.ts';
import { CreditPolicy } from '../credit/credit-policy.ts';
import { Address } from '../customer/customer.ts';
import { DebitPolicy } from '../direct-debit/debit-policy.ts';
import { SeriesPolicy } from '../invoice/series-policy.ts';
import type { ErrorCode } from '../kernel/errors.ts';
import { Currency } from '../kernel/money.ts';
import { ChartPolicy } from '../ledger/chart.ts';
import { MatchingPolicy } from '../matching/matching-policy.ts';
import { OrderLine, Reason } from '../order/order.ts';
import { OrderDeskPolicy } from '../order/order-desk-policy.ts';
import { VerificationPolicy } from '../order/verification-policy.ts';
import { RefundPolicy } from '../refund/refund-policy.ts';
import { RemittancePolicy } from '../remittance/remittance-policy.ts';
import { WarehousePolicy } from '../stock/warehouse-policy.ts';
import { TaxGroup, TaxPolicy, TaxTreatment, Totals } from '../tax/tax.ts';
import { CalendarPolicy, CountryCalendar, HolidayRule } from '../terms/calendar-policy.ts';
import { PaymentTerms } from '../terms/terms.ts';
import type { Contract } from './contract.ts';
import { type JsonSchema, refTo, SchemaBook } from './docs/json-schema.ts';
import { documentMediaTypes } from './document-format.ts';
import { httpStatus, Problem } from './problem.ts';
import type { Route } from './routes.ts';

/** Schemas that deserve a name of their own in the document. */
const named = {
  Address,
  ChartPolicy,
  CalendarPolicy,
  CarrierPolicy,
  CasePolicy,
  CountryCalendar,
  CreditPolicy,
  DebitPolicy,
  Currency,
  DunningPolicy,
  HolidayRule,
  MatchingPolicy,
  OrderDeskPolicy,
  OrderLine,
  PaymentTerms,
  Problem,
  Reason,
  RefundPolicy,
  RemittancePolicy,
  SeriesPolicy,
  TaxGroup,
  TaxPolicy,
  VerificationPolicy,
  TaxTreatment,
  Totals,
  WarehousePolicy,
};

const intro = `Amounts are whole minor units (pence, cents) of an ISO 4217 currency; dates are calendar days in the company's time zone; moments are UTC.

Every request but the public ones carries a token of the company's user pool: \`Authorization: Bearer …\`. What you may do depends on your roles. Customers see what is theirs; of anything else they are told that it does not exist.

Whatever creates something wants an \`Idempotency-Key\`: choose one per thing, and send the same again when you retry. The answer is then the first one, with \`Idempotency-Replayed: true\`, for 30 days.

What can be changed has an \`ETag\`; send it back as \`If-Match\` to change only what you saw.

Lists come in pages: pass \`nextCursor\` as \`cursor\` to get the next.

Refusals are problem documents (RFC 9457) with a \`code\` that never changes.`;

/** OpenAPI 3.1 of the whole API, from the route list and the contracts. */
export function openApi(routes: readonly Route[], contracts: readonly Contract[]) {
  const book = new SchemaBook(named);
  // The body of a policy depends on its name, so that nothing refers to these by schema.
  for (const schema of [
    ChartPolicy,
    CreditPolicy,
    DebitPolicy,
    DunningPolicy,
    RemittancePolicy,
    MatchingPolicy,
    RefundPolicy,
    SeriesPolicy,
    TaxPolicy,
    CalendarPolicy,
    CarrierPolicy,
    CasePolicy,
    OrderDeskPolicy,
    VerificationPolicy,
    CarrierPolicy,
    VerificationPolicy,
    WarehousePolicy,
    Problem,
  ])
    book.output(z.strictObject({ schema }));
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const route of routes) {
    const contract = contracts.find(({ operationId }) => operationId === route.operationId);
    if (!contract) throw new Error(`${route.operationId} has a route and no contract`);
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operationOf(route, contract, book),
    };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Order to cash', version: '1', description: intro },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(tagOf))].map((name) => ({ name })),
    security: [{ token: [] }],
    paths,
    components: {
      schemas: book.components,
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'ID token of the user pool',
        },
      },
    },
  };
}
export type OpenApi = ReturnType<typeof openApi>;

export type OpenApiOperation = {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  security?: readonly [];
  'x-roles': readonly string[];
  parameters?: Parameter[];
  requestBody?: { required: true; content: Content };
  responses: Record<string, { description: string; headers?: Record<string, unknown>; content?: Content }>;
};
export type Parameter = {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: JsonSchema;
};
type Content = Record<string, { schema?: JsonSchema; example?: unknown }>;

function operationOf(route: Route, contract: Contract, book: SchemaBook): OpenApiOperation {
  const parameters = [
    ...parametersOf('path', contract.params, book),
    ...parametersOf('query', contract.query, book),
    ...headersOf(route, contract),
  ];
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(contract.description !== undefined && { description: contract.description }),
    tags: [tagOf(route)],
    ...(route.roles === 'public' && { security: [] }),
    'x-roles': route.roles === 'public' ? ['public'] : route.roles,
    ...(parameters.length > 0 && { parameters }),
    ...(contract.body && { requestBody: { required: true, content: bodyOf(contract, contract.body, book) } }),
    ...(contract.accepts === 'file' && { requestBody: { required: true, content: fileContent } }),
    responses: { ...successOf(contract, book), ...refusalsOf(problemsOf(route, contract)) },
  };
}

/** Operations are grouped by the noun after the version: `orders`, `invoices`; the rest by what they are for. */
function tagOf({ path }: Route): string {
  const [first = '', second = ''] = path.split('/').slice(1);
  if (first === 'v1') return second;
  return ['pay', 'portal', 'sandbox', 'webhooks'].includes(first) ? 'paying' : 'documentation';
}

function parametersOf(place: 'path' | 'query', schema: z.ZodType | undefined, book: SchemaBook): Parameter[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = book.input(schema);
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: typeof property === 'boolean' ? {} : property,
  }));
}

function headersOf(route: Route, { idempotent, versioned }: Contract): Parameter[] {
  const text = { type: 'string' } as const;
  return [
    ...(idempotent
      ? [
          {
            name: 'Idempotency-Key',
            in: 'header',
            required: true,
            description: 'New for each thing, the same when you retry.',
            schema: { ...text, maxLength: 128 },
          } as const,
        ]
      : []),
    ...(versioned && route.method !== 'GET'
      ? [
          {
            name: 'If-Match',
            in: 'header',
            required: false,
            description: 'The ETag of the version to change.',
            schema: text,
          } as const,
        ]
      : []),
  ];
}

const mediaTypes = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  csv: 'text/csv',
  raw: 'application/json',
  file: 'application/octet-stream',
} as const;

/** A file of whatever type: as text where it is UTF-8, else as bytes. */
const fileContent: Content = Object.fromEntries(
  ['application/octet-stream', 'application/xml', 'text/csv', 'text/plain'].map((type) => [
    type,
    { schema: { type: 'string', format: 'binary' } },
  ]),
);

function bodyOf({ accepts = 'json', example }: Contract, body: z.ZodType, book: SchemaBook): Content {
  return {
    [mediaTypes[accepts]]: {
      schema: accepts === 'raw' ? {} : book.input(body),
      ...(example?.body !== undefined && { example: example.body }),
    },
  };
}

const successes = {
  200: 'Done',
  201: 'Created',
  202: 'Accepted: it is being worked on',
  303: 'Go on at the Location',
} as const;

function successOf(contract: Contract, book: SchemaBook): OpenApiOperation['responses'] {
  const {
    status,
    alsoStatus,
    response,
    produces = 'json',
    texts = [],
    versioned,
    idempotent,
    example,
  } = contract;
  const json: Content | undefined = response && {
    [mediaTypes.json]: {
      schema: book.output(response),
      ...(example?.response !== undefined && { example: example.response }),
    },
  };
  const content =
    produces === 'html' ? { 'text/html': {} } : { ...json, ...filesOf(produces), ...textsOf(texts) };
  const text = { schema: { type: 'string' } };
  const headers = {
    ...(typeof produces === 'object' && { Vary: text }),
    ...(versioned && { ETag: text }),
    ...(idempotent && { 'Idempotency-Replayed': text }),
  };
  const statuses = alsoStatus === undefined ? [status] : [status, alsoStatus];
  return Object.fromEntries(
    statuses.map((each) => [
      String(each),
      {
        description: successes[each],
        ...(Object.keys(headers).length > 0 && { headers }),
        ...(Object.keys(content).length > 0 && each !== 303 && { content }),
      },
    ]),
  );
}

/** The forms of a document besides JSON. */
function filesOf(produces: Contract['produces']): Content {
  if (typeof produces !== 'object') return {};
  const files = produces.filter((format) => format !== 'json');
  const bytes = { schema: { type: 'string', format: 'binary' } as const };
  return Object.fromEntries(files.map((format) => [documentMediaTypes[format], bytes]));
}

function textsOf(texts: NonNullable<Contract['texts']>): Content {
  return Object.fromEntries(texts.map((type) => [type, { schema: { type: 'string' } as const }]));
}

/** Every code an operation may refuse with, by the rules that hold for all and by its own. */
function problemsOf(
  { roles }: Route,
  { params, query, body, accepts = 'json', idempotent, produces, problems = [] }: Contract,
): ErrorCode[] {
  const codes: ErrorCode[] = [
    ...(accepts === 'json' && body ? (['malformed_json', 'unsupported_media_type'] as const) : []),
    ...(accepts === 'json' && body ? (['card_data_refused'] as const) : []),
    ...(body || accepts === 'raw' || accepts === 'file' ? (['body_too_large'] as const) : []),
    ...(params || query || body ? (['validation_failed'] as const) : []),
    ...(roles === 'public' ? [] : (['unauthorized', 'forbidden', 'table_busy'] as const)),
    ...(idempotent
      ? (['idempotency_key_missing', 'idempotency_key_reused', 'request_in_flight'] as const)
      : []),
    ...(typeof produces === 'object' ? (['not_acceptable'] as const) : []),
    ...problems,
    'internal_error',
  ];
  return [...new Set(codes)];
}

function refusalsOf(codes: readonly ErrorCode[]): OpenApiOperation['responses'] {
  const byStatus = Object.groupBy(codes, (code) => httpStatus[code]);
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, group]) => [
      status,
      {
        description: group.join(', '),
        content: {
          'application/problem+json': {
            schema: { allOf: [refTo('Problem'), { type: 'object', properties: { code: { enum: group } } }] },
          },
        },
      },
    ]),
  );
}
