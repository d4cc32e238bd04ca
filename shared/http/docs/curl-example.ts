import type { OpenApiOperation } from '../openapi.ts';

/** A call that works when pasted, once the shell knows `API` and `TOKEN` and names stand for the parameters. */
export function curlExample(call: {
  method: string;
  path: string;
  operation: OpenApiOperation;
  body: unknown;
}): string {
  const { method, path, operation, body } = call;
  const headers =
    operation.parameters?.filter((parameter) => parameter.in === 'header' && parameter.required) ?? [];
  const lines = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}"$API${path.replace(/\{(\w+)\}/g, '$$$1')}"`,
    ...(operation.security ? [] : ['-H "Authorization: Bearer $TOKEN"']),
    ...headers.map(({ name }) => `-H "${name}: $(uuidgen)"`),
    ...(body === undefined
      ? []
      : ["-H 'Content-Type: application/json'", `-d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`]),
  ];
  return lines.join(' \\\n  ');
}
