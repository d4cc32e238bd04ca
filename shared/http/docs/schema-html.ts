import { escapeHtml } from '../html.ts';
import type { JsonSchema } from './json-schema.ts';

const INDENT = '  ';

/** A JSON Schema as people read it: names, types, bounds and defaults, with links to the named ones. */
export function schemaHtml(schema: JsonSchema | boolean, depth = 0): string {
  if (typeof schema === 'boolean') return schema ? 'anything' : 'nothing';
  if (schema.$ref !== undefined) return linkTo(schema.$ref);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.map((choice) => schemaHtml(choice, depth)).join(' | ');
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum) return schema.enum.map(literal).join(' | ');
  if (schema.type === 'array') return arrayHtml(schema, depth);
  if (schema.type === 'object') return objectHtml(schema, depth);
  if (schema.type === 'string') return `${stringHtml(schema)}${defaultHtml(schema)}`;
  if (schema.type === 'integer' || schema.type === 'number') {
    return `${schema.type}${range(schema.minimum, schema.maximum)}${defaultHtml(schema)}`;
  }
  return typeof schema.type === 'string' ? schema.type : 'anything';
}

function linkTo(reference: string): string {
  const name = escapeHtml(reference.slice(reference.lastIndexOf('/') + 1));
  return `<a href="#schema-${name}">${name}</a>`;
}

const literal = (value: unknown) => `<i>${escapeHtml(JSON.stringify(value))}</i>`;

function arrayHtml({ items, minItems, maxItems }: JsonSchema, depth: number): string {
  const element = items === undefined || Array.isArray(items) ? 'anything' : schemaHtml(items, depth);
  return `[ ${element} ]${range(minItems, maxItems, ' items')}`;
}

function objectHtml(
  { properties = {}, required = [], additionalProperties, propertyNames }: JsonSchema,
  depth: number,
): string {
  const inner = INDENT.repeat(depth + 1);
  const lines = Object.entries(properties).map(([name, property]) => {
    const mark = required.includes(name) ? '' : '<b title="may be left out">?</b>';
    return `${inner}${escapeHtml(name)}${mark}: ${schemaHtml(property, depth + 1)}`;
  });
  if (typeof additionalProperties === 'object') {
    const key = propertyNames === undefined ? 'name' : schemaHtml(propertyNames, depth + 1);
    lines.push(`${inner}[${key}]: ${schemaHtml(additionalProperties, depth + 1)}`);
  }
  return lines.length === 0 ? 'object' : `{\n${lines.join('\n')}\n${INDENT.repeat(depth)}}`;
}

function stringHtml({ format, pattern, minLength, maxLength }: JsonSchema): string {
  if (format !== undefined) return escapeHtml(format);
  if (pattern !== undefined) return `text <i>${escapeHtml(pattern)}</i>`;
  return `text${range(minLength, maxLength, ' characters')}`;
}

function range(low: number | undefined, high: number | undefined, unit = ''): string {
  if (low === undefined && high === undefined) return '';
  if (high === undefined) return ` <i>≥ ${low}${unit}</i>`;
  if (low === undefined) return ` <i>≤ ${high}${unit}</i>`;
  return ` <i>${low}–${high}${unit}</i>`;
}

function defaultHtml(schema: JsonSchema): string {
  return schema.default === undefined ? '' : ` = ${literal(schema.default)}`;
}
