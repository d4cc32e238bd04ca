import { z } from 'zod';
import { LocalRunError } from '../errors.ts';
import type { Assembly, FoundResource, Stack } from './assembly.ts';
import { type Identity, identify, namePropertyOf, type Place } from './attributes.ts';

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const list = z.array(z.unknown());
const noValue = Symbol('AWS::NoValue');

/**
 * Turns CloudFormation values into plain ones: `Ref`, `Fn::GetAtt`, `Fn::Sub`, `Fn::Join`, `Fn::Select`, `Fn::Split`,
 * `Fn::FindInMap`, `Fn::If` and its conditions, `Fn::Base64`, `Fn::ImportValue` over all stacks.
 */
export class Resolver {
  readonly #assembly: Assembly;
  readonly #place: Place;
  readonly #identities = new Map<string, Identity>();

  constructor(assembly: Assembly, place: Place) {
    this.#assembly = assembly;
    this.#place = place;
  }

  /** The properties of a resource with every intrinsic resolved.
   * @throws LocalRunError naming the resource and what in it can't be resolved */
  properties(resource: FoundResource): Record<string, unknown> {
    return this.#within(resource, () =>
      z.record(z.string(), z.unknown()).parse(this.#value(resource.properties, resource.stack)),
    );
  }

  /** One property of a resource, resolved. */
  property(resource: FoundResource, name: string): unknown {
    return this.#within(resource, () => keep(this.#value(resource.properties[name], resource.stack)));
  }

  /** Name, `Ref` and attributes of a resource. */
  identity(resource: FoundResource): Identity {
    return this.#identity(resource.stack, resource.logicalId);
  }

  #within<T>(resource: FoundResource, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof LocalRunError)) throw error;
      throw new LocalRunError(
        `${resource.stack.name}/${resource.logicalId} (${resource.type}): ${error.message}`,
      );
    }
  }

  #identity(stack: Stack, logicalId: string): Identity {
    const key = `${stack.name}/${logicalId}`;
    const known = this.#identities.get(key);
    if (known !== undefined) return known;
    const resource = stack.template.Resources[logicalId];
    if (resource === undefined)
      throw new LocalRunError(`the template of ${stack.name} has no resource ${logicalId}`);
    const property = namePropertyOf(resource.Type);
    const given =
      property === undefined ? undefined : keep(this.#value(resource.Properties[property], stack));
    const name = given === undefined ? `${stack.name}-${logicalId}` : text.parse(given);
    const identity = identify(resource.Type, name, this.#place);
    this.#identities.set(key, identity);
    return identity;
  }

  #value(value: unknown, stack: Stack): unknown {
    if (Array.isArray(value)) {
      return value.map((each) => this.#value(each, stack)).filter((each) => each !== noValue);
    }
    if (typeof value === 'string') return this.#dynamicReference(value);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [only] = entries;
    if (
      entries.length === 1 &&
      only !== undefined &&
      (only[0] === 'Ref' || only[0].startsWith('Fn::') || only[0] === 'Condition')
    ) {
      if (only[0] !== 'Condition' || typeof only[1] === 'string')
        return this.#intrinsic(only[0], only[1], stack);
    }
    const plain: Record<string, unknown> = {};
    for (const [key, each] of entries) {
      const resolved = this.#value(each, stack);
      if (resolved !== noValue) plain[key] = resolved;
    }
    return plain;
  }

  #intrinsic(name: string, given: unknown, stack: Stack): unknown {
    switch (name) {
      case 'Ref':
        return this.#ref(text.parse(given), stack);
      case 'Fn::GetAtt': {
        const [logicalId, ...path] =
          typeof given === 'string' ? given.split('.') : z.array(text).parse(given);
        return this.#attribute(logicalId ?? '', path.join('.'), stack);
      }
      case 'Fn::Sub':
        return this.#sub(given, stack);
      case 'Fn::Join': {
        const [separator, parts] = z.tuple([z.string(), z.unknown()]).parse(given);
        return z.array(text).parse(this.#value(parts, stack)).join(separator);
      }
      case 'Fn::Select': {
        const [index, parts] = z.tuple([z.coerce.number(), z.unknown()]).parse(given);
        return list.parse(this.#value(parts, stack))[index];
      }
      case 'Fn::Split': {
        const [separator, whole] = z.tuple([z.string(), z.unknown()]).parse(given);
        return text.parse(this.#value(whole, stack)).split(separator);
      }
      case 'Fn::Base64':
        return Buffer.from(text.parse(this.#value(given, stack))).toString('base64');
      case 'Fn::FindInMap': {
        const [map, first, second] = z.tuple([text, text, text]).parse(this.#value(given, stack));
        return (
          stack.template.Mappings[map]?.[first]?.[second] ?? fail(`mapping ${map} has no ${first}.${second}`)
        );
      }
      case 'Fn::If': {
        const [condition, yes, no] = z.tuple([z.string(), z.unknown(), z.unknown()]).parse(given);
        return this.#value(this.#condition(condition, stack) ? yes : no, stack);
      }
      case 'Condition':
        return this.#condition(text.parse(given), stack);
      case 'Fn::Equals': {
        const [left, right] = z.tuple([z.unknown(), z.unknown()]).parse(this.#value(given, stack));
        return String(left) === String(right);
      }
      case 'Fn::And':
        return list.parse(this.#value(given, stack)).every((each) => each === true);
      case 'Fn::Or':
        return list.parse(this.#value(given, stack)).some((each) => each === true);
      case 'Fn::Not':
        return list.parse(this.#value(given, stack))[0] !== true;
      case 'Fn::ImportValue':
        return this.#exported(text.parse(this.#value(given, stack)));
      default:
        return fail(`${name} is not known to the local run`);
    }
  }

  #ref(name: string, stack: Stack): unknown {
    const pseudo: Record<string, unknown> = {
      'AWS::Region': this.#place.region,
      'AWS::AccountId': this.#place.account,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': stack.name,
      'AWS::StackId': `arn:aws:cloudformation:${this.#place.region}:${this.#place.account}:stack/${stack.name}/local`,
      'AWS::NotificationARNs': [],
      'AWS::NoValue': noValue,
    };
    if (name in pseudo) return pseudo[name];
    const parameter = stack.template.Parameters[name];
    if (parameter !== undefined) return parameter.Default ?? fail(`parameter ${name} has no default`);
    return this.#identity(stack, name).ref;
  }

  #attribute(logicalId: string, attribute: string, stack: Stack): string {
    const found = this.#identity(stack, logicalId).attributes[attribute];
    const type = stack.template.Resources[logicalId]?.Type ?? 'unknown';
    return found ?? fail(`attribute ${attribute} of ${logicalId} (${type}) is not known to the local run`);
  }

  #sub(given: unknown, stack: Stack): string {
    const [template, variables] =
      typeof given === 'string'
        ? [given, {}]
        : z.tuple([z.string(), z.record(z.string(), z.unknown())]).parse(given);
    return template.replaceAll(/\$\{(!?)([^}]+)\}/g, (whole, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`;
      if (name in variables) return text.parse(this.#value(variables[name], stack));
      if (name.includes('.')) {
        const [logicalId = '', ...path] = name.split('.');
        return this.#attribute(logicalId, path.join('.'), stack);
      }
      const found = this.#ref(name, stack);
      return typeof found === 'string' ? found : fail(`${whole} is not a text`);
    });
  }

  #condition(name: string, stack: Stack): boolean {
    if (!(name in stack.template.Conditions)) return fail(`condition ${name} is not in the template`);
    return this.#value(stack.template.Conditions[name], stack) === true;
  }

  #exported(name: string): unknown {
    for (const stack of this.#assembly.stacks.values()) {
      for (const output of Object.values(stack.template.Outputs)) {
        if (output.Export === undefined) continue;
        if (this.#value(output.Export.Name, stack) === name) return this.#value(output.Value, stack);
      }
    }
    return fail(`no stack exports ${name}`);
  }

  #dynamicReference(value: string): string {
    if (value.includes('{{resolve:'))
      return fail(`${value} is resolved by CloudFormation only, the local run can't`);
    return value;
  }
}

function keep(value: unknown): unknown {
  return value === noValue ? undefined : value;
}

function fail(reason: string): never {
  throw new LocalRunError(reason);
}
