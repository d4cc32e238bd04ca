import { escapeHtml } from '../html.ts';
import type { OpenApi, OpenApiOperation, Parameter } from '../openapi.ts';
import { httpStatus } from '../problem.ts';
import { curlExample } from './curl-example.ts';
import { docsStyle } from './docs-style.ts';
import { problemHelp } from './problem-help.ts';
import { schemaHtml } from './schema-html.ts';

type Placed = { readonly method: string; readonly path: string; readonly operation: OpenApiOperation };

/** The API as one page to read: no scripts, nothing loaded from elsewhere. */
export function docsPage(api: OpenApi): string {
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  const groups = api.tags.map(({ name }) => ({
    name,
    operations: operations.filter(({ operation }) => operation.tags.includes(name)),
  }));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(api.info.title)}: the API</title><style>${docsStyle}</style></head><body>
<nav><a href="#top"><strong>${escapeHtml(api.info.title)}</strong></a>${groups.map(navigation).join('')}
<h4>Reference</h4><a href="#schemas">Schemas</a><a href="#problems">Problems</a><a href="/openapi.json">OpenAPI 3.1</a></nav>
<main id="top"><h1>${escapeHtml(api.info.title)}</h1>
${paragraphs(api.info.description)}
<pre>export API=https://…  TOKEN=…   # the address and your token; the local run prints both</pre>
${groups.map(section).join('')}
<h2 id="schemas">Schemas</h2>${Object.entries(api.components.schemas)
    .map(([name, schema]) => `<h3 id="schema-${name}">${name}</h3><pre>${schemaHtml(schema)}</pre>`)
    .join('')}
<h2 id="problems">Problems</h2>${problemTable()}
</main></body></html>`;
}

function navigation({ name, operations }: { name: string; operations: readonly Placed[] }): string {
  const links = operations.map(
    ({ operation }) => `<a href="#${operation.operationId}">${escapeHtml(operation.summary)}</a>`,
  );
  return `<h4>${escapeHtml(headline(name))}</h4>${links.join('')}`;
}

function section({ name, operations }: { name: string; operations: readonly Placed[] }): string {
  return `<h2>${escapeHtml(headline(name))}</h2>${operations.map(article).join('')}`;
}

function article({ method, path, operation }: Placed): string {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const body = requestBody && Object.values(requestBody.content)[0];
  const answers = Object.entries(responses).filter(([status]) => Number(status) < 400);
  const refusals = Object.entries(responses).filter(([status]) => Number(status) >= 400);
  const answer = answers
    .map(([, { content }]) => content?.['application/json'])
    .find((content) => content !== undefined);
  return `<article id="${operationId}"><h3><code class="${method}">${method}</code> <code>${escapeHtml(path)}</code></h3>
<p><strong>${escapeHtml(summary)}.</strong> ${inline(description ?? '')}</p>
<p class="roles">${operation['x-roles'].map((role) => `<span>${escapeHtml(role)}</span>`).join('')}</p>
${parameters.length > 0 ? `<table>${parameters.map(parameterRow).join('')}</table>` : ''}
${body?.schema ? `<details><summary>Body</summary><pre>${schemaHtml(body.schema)}</pre></details>` : ''}
<pre>${escapeHtml(curlExample({ method, path, operation, body: body?.example }))}</pre>
<p>${answers.map(([status, { description: meaning }]) => `<code>${status}</code> ${escapeHtml(meaning)}`).join(' · ')}</p>
${answer?.schema ? `<details><summary>Answer</summary><pre>${schemaHtml(answer.schema)}</pre></details>` : ''}
${answer?.example === undefined ? '' : `<details><summary>Example of an answer</summary><pre>${escapeHtml(JSON.stringify(answer.example, undefined, 2))}</pre></details>`}
<p class="problems">${refusals.map(([status, refusal]) => `<code>${status}</code> ${refusal.description.split(', ').map(problemLink).join(', ')}`).join(' · ')}</p>
</article>`;
}

function parameterRow({ name, in: place, required, description = '', schema }: Parameter): string {
  return `<tr><td><code>${escapeHtml(name)}</code></td><td>${place}${required ? '' : ', optional'}</td><td>${schemaHtml(schema)}</td><td>${escapeHtml(description)}</td></tr>`;
}

const problemLink = (code: string) => `<a href="#problem-${code}">${escapeHtml(code)}</a>`;

function problemTable(): string {
  const rows = Object.entries(problemHelp).map(([code, help]) => {
    const known = Object.entries(httpStatus).find(([candidate]) => candidate === code);
    return `<tr id="problem-${code}"><td><code>${code}</code></td><td>${known?.[1] ?? ''}</td><td>${help}</td></tr>`;
  });
  return `<table>${rows.join('')}</table>`;
}

const headline = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** Paragraphs of plain text with \`code\` in them. */
function paragraphs(text: string): string {
  return text
    .split('\n\n')
    .map((paragraph) => `<p>${inline(paragraph)}</p>`)
    .join('\n');
}

function inline(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}
