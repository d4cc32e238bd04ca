import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { makeApp } from './synth.ts';

const markers = { start: '<!-- workflows:start -->', end: '<!-- workflows:end -->' } as const;

const Choice = z.object({ Variable: z.string(), StringEquals: z.string(), Next: z.string() });
const State = z.object({
  Type: z.string(),
  Next: z.string().optional(),
  Default: z.string().optional(),
  Choices: z.array(Choice).default([]),
  Catch: z.array(z.object({ Next: z.string() })).default([]),
  get ItemProcessor() {
    return Definition.optional();
  },
});
const Definition = z.object({
  StartAt: z.string(),
  get States() {
    return z.record(z.string(), State);
  },
});
export type Definition = z.infer<typeof Definition>;

const StateMachine = z.object({
  Type: z.literal('AWS::StepFunctions::StateMachine'),
  Properties: z.object({
    StateMachineName: z.string(),
    StateMachineType: z.string(),
    DefinitionString: z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) }),
  }),
});
const Template = z.object({ Resources: z.record(z.string(), z.unknown()) });

/** A state machine of a synthesised template; references to other resources read as `<reference>`. */
export type SynthesisedWorkflow = {
  readonly name: string;
  readonly type: string;
  readonly definition: Definition;
};

/** The state machines of a synthesised service template, by name. @param prefix what deployed names begin with */
export function workflowsOf(template: unknown, prefix: string): readonly SynthesisedWorkflow[] {
  return Object.values(Template.parse(template).Resources)
    .flatMap((resource) => StateMachine.safeParse(resource).data ?? [])
    .map(({ Properties }) => {
      const parts = Properties.DefinitionString['Fn::Join'][1];
      const text = parts.map((part) => (typeof part === 'string' ? part : '<reference>')).join('');
      return {
        name: Properties.StateMachineName.replace(`${prefix}-`, ''),
        type: Properties.StateMachineType,
        definition: Definition.parse(JSON.parse(text)),
      };
    })
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

/** The document with the diagrams of `workflows` between its markers. @throws when it has no markers */
export function withDiagrams(document: string, workflows: readonly SynthesisedWorkflow[]): string {
  const start = document.indexOf(markers.start);
  const end = document.indexOf(markers.end);
  if (start < 0 || end < start)
    throw new Error(`The document has no markers ${markers.start} and ${markers.end}`);
  const sections = workflows.map(
    ({ name, type, definition }) =>
      `### ${name}\n\n${type === 'EXPRESS' ? 'Express' : 'Standard'}. Dotted: after its retries have failed.\n\n` +
      `\`\`\`mermaid\n${diagram(definition)}\n\`\`\`\n`,
  );
  return `${document.slice(0, start)}${markers.start}\n\n${sections.join('\n')}\n${document.slice(end)}`;
}

/** A workflow as a mermaid flowchart. */
function diagram(definition: Definition): string {
  return [
    'flowchart TD',
    '  start((start))',
    `  start --> ${definition.StartAt}`,
    ...lines(definition, '  '),
  ].join('\n');
}

function lines(definition: Definition, indent: string): string[] {
  return Object.entries(definition.States).flatMap(([name, state]) => {
    const edges = [
      ...state.Choices.map((choice) => `${name} -->|${choice.StringEquals}| ${choice.Next}`),
      ...(state.Default === undefined ? [] : [`${name} -->|otherwise| ${state.Default}`]),
      ...(state.Next === undefined ? [] : [`${name} --> ${state.Next}`]),
      ...state.Catch.map((caught) => `${name} -.-> ${caught.Next}`),
    ];
    const each = state.ItemProcessor;
    const node = each
      ? [`subgraph ${name}`, '  direction TB', ...lines(each, '  '), 'end']
      : [`${name}${shape(state.Type, name)}`];
    return [...node, ...edges].map((line) => `${indent}${line}`);
  });
}

function shape(type: string, name: string): string {
  if (type === 'Choice') return `{${name}}`;
  if (type === 'Succeed' || type === 'Fail') return `([${name}])`;
  return `[${name}]`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const app = await makeApp({ bundles: 'fresh', outdir: `${tmpdir()}/order-to-cash-diagrams` });
  const assembly = app.synth();
  const service = assembly.stacks.find(({ stackName }) => stackName.endsWith('-service'));
  if (!service) throw new Error('The app has no service stack');
  const file = fileURLToPath(new URL('../ARCHITECTURE.md', import.meta.url));
  const prefix = service.stackName.replace(/-service$/, '');
  writeFileSync(file, withDiagrams(readFileSync(file, 'utf8'), workflowsOf(service.template, prefix)));
}
