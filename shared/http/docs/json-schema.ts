import * as z from 'zod';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

export const refTo = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/**
 * JSON Schemas of zod schemas, with those that have a name kept once under `components`. A thing may differ as input
 * and as output (what has a default may be left out of the one and is always in the other); where it does, the
 * second is called `<name>Input` or `<name>Output`.
 */
export class SchemaBook {
  readonly components: Record<string, JsonSchema> = {};
  readonly #names = z.registry<{ id: string }>();
  /** The first form seen of each name. */
  readonly #forms = new Map<string, string>();

  constructor(named: Readonly<Record<string, z.ZodType>>) {
    for (const [id, schema] of Object.entries(named)) this.#names.add(schema, { id });
  }

  /** The schema of what callers send. */
  input(schema: z.ZodType): JsonSchema {
    return this.#generate(schema, 'input');
  }

  /** The schema of what they receive. */
  output(schema: z.ZodType): JsonSchema {
    return this.#generate(schema, 'output');
  }

  #generate(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const {
      $schema: _,
      $defs = {},
      ...root
    } = z.toJSONSchema(schema, { io, metadata: this.#names, unrepresentable: 'any', override: tidy });
    for (const definition of Object.values($defs)) Reflect.deleteProperty(definition, 'id');
    const names = new Map(
      Object.entries($defs).map(([id, definition]) => [id, this.#nameOf(id, definition, io)]),
    );
    for (const [id, definition] of Object.entries($defs)) {
      relink(definition, names);
      this.components[names.get(id) ?? id] = definition;
    }
    relink(root, names);
    return root;
  }

  /** The plain name goes to whichever form comes first; another form of the same thing says which it is. */
  #nameOf(id: string, definition: JsonSchema, io: 'input' | 'output'): string {
    const form = JSON.stringify(definition);
    const known = this.#forms.get(id) ?? form;
    this.#forms.set(id, known);
    return known === form ? id : `${id}${io === 'input' ? 'Input' : 'Output'}`;
  }
}

/** Leaves out what says nothing to a reader: the bounds of safe integers, and patterns that a format stands for. */
function tidy({ jsonSchema }: { jsonSchema: JsonSchema }): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.format === 'email' || jsonSchema.format === 'date') delete jsonSchema.pattern;
}

const DEFINITION = '#/$defs/';

/** Leads the references within `node` to the components. */
function relink(node: unknown, names: ReadonlyMap<string, string>): void {
  if (typeof node !== 'object' || node === null) return;
  if ('$ref' in node && typeof node.$ref === 'string' && node.$ref.startsWith(DEFINITION)) {
    const id = node.$ref.slice(DEFINITION.length);
    node.$ref = refTo(names.get(id) ?? id).$ref;
  }
  for (const part of Object.values(node)) relink(part, names);
}
