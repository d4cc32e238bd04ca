import { z } from 'zod';

/** How a rule turns an event into what its target gets. */
export const TargetInput = z.object({
  Input: z.string().optional(),
  InputPath: z.string().optional(),
  InputTransformer: z
    .object({ InputPathsMap: z.record(z.string(), z.string()).default({}), InputTemplate: z.string() })
    .optional(),
});

/** The JSON text a target gets for an event. */
export function inputFor(target: z.infer<typeof TargetInput>, event: Record<string, unknown>): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputTransformer !== undefined) return transform(target.InputTransformer, event);
  return JSON.stringify(target.InputPath === undefined ? event : (valueAt(event, target.InputPath) ?? null));
}

function transform(
  { InputPathsMap, InputTemplate }: { InputPathsMap: Record<string, string>; InputTemplate: string },
  event: Record<string, unknown>,
): string {
  return InputTemplate.replaceAll(
    /("?)<([\w.-]+)>("?)/g,
    (whole, before: string, name: string, after: string) => {
      const path = InputPathsMap[name];
      const value =
        name === 'aws.events.event.json' ? event : path === undefined ? undefined : valueAt(event, path);
      if (value === undefined) return path === undefined ? whole : 'null';
      if (before === '"' && after === '"' && typeof value === 'string') return JSON.stringify(value);
      const inside = typeof value === 'string' && (before === '"' || after === '"');
      return `${before}${inside ? JSON.stringify(value).slice(1, -1) : JSON.stringify(value)}${after}`;
    },
  );
}

/** The value at a path of EventBridge's kind: `$.detail.data.orderId`, `$.resources[0]`, `$`. */
function valueAt(event: unknown, path: string): unknown {
  let found = event;
  for (const [, name, index, quoted] of path.slice(1).matchAll(/\.([\w-]+)|\[(\d+)\]|\['([^']+)'\]/g)) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = Reflect.get(found, name ?? index ?? quoted ?? '');
  }
  return found;
}
