/** A route of the HTTP API as the template declares it. */
export type Route = {
  /** `GET /v1/orders/{orderId}`, or `$default` */
  key: string;
  functionArn: string;
  timeoutMs: number;
  authorizer: { issuer: string; audience: string[]; scopes: string[] } | undefined;
};

export type RouteMatch = { route: Route; pathParameters: Record<string, string> };

type Pattern = { route: Route; method: string; segments: string[]; rank: string };

/** Finds the route of a request as API Gateway does: the fullest match wins, a fixed segment over a parameter over `{proxy+}`. */
export class RouteTable {
  readonly #patterns: Pattern[];
  readonly #fallback: Route | undefined;

  constructor(routes: Route[]) {
    this.#fallback = routes.find((route) => route.key === '$default');
    this.#patterns = routes
      .filter((route) => route.key !== '$default')
      .map((route) => {
        const [method = 'ANY', path = '/'] = route.key.split(' ');
        const segments = split(path);
        const ranks = segments.map((segment) =>
          segment.endsWith('+}') ? '2' : segment.startsWith('{') ? '1' : '0',
        );
        return { route, method, segments, rank: `${ranks.join('')}${method === 'ANY' ? '1' : '0'}` };
      })
      .sort((a, b) => a.rank.localeCompare(b.rank));
  }

  /** @param path as sent, still percent-encoded */
  find(method: string, path: string): RouteMatch | undefined {
    const given = split(path);
    for (const pattern of this.#patterns) {
      if (pattern.method !== 'ANY' && pattern.method !== method) continue;
      const pathParameters = match(pattern.segments, given);
      if (pathParameters !== undefined) return { route: pattern.route, pathParameters };
    }
    return this.#fallback === undefined ? undefined : { route: this.#fallback, pathParameters: {} };
  }
}

function split(path: string): string[] {
  return path.split('/').slice(1);
}

function match(segments: string[], given: string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [at, segment] of segments.entries()) {
    const value = given[at];
    if (value === undefined) return undefined;
    if (segment.endsWith('+}')) {
      const rest = given.slice(at).join('/');
      if (rest === '') return undefined;
      parameters[segment.slice(1, -2)] = decode(rest);
      return parameters;
    }
    if (segment.startsWith('{')) {
      if (value === '') return undefined;
      parameters[segment.slice(1, -1)] = decode(value);
    } else if (segment !== value) return undefined;
  }
  return segments.length === given.length ? parameters : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
