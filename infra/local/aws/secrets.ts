import { randomInt, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Meter } from '../meter/meter.ts';
import type { State } from '../state.ts';
import { type Assembly, resourcesOf } from '../template/assembly.ts';
import { nameIn } from '../template/attributes.ts';
import type { Resolver } from '../template/intrinsics.ts';
import { AwsError, type Operation } from './aws-endpoint.ts';

const SecretProperties = z.object({
  SecretString: z.string().optional(),
  GenerateSecretString: z
    .object({
      PasswordLength: z.number().default(32),
      ExcludeCharacters: z.string().default(''),
      ExcludePunctuation: z.boolean().default(false),
      ExcludeLowercase: z.boolean().default(false),
      ExcludeUppercase: z.boolean().default(false),
      ExcludeNumbers: z.boolean().default(false),
      IncludeSpace: z.boolean().default(false),
      SecretStringTemplate: z.string().optional(),
      GenerateStringKey: z.string().optional(),
    })
    .optional(),
});
const GetSecretValue = z.object({ SecretId: z.string() });

/** Secrets Manager: values generated as the template says, once, and kept in the data directory. */
export function secretsManager(options: {
  assembly: Assembly;
  resolver: Resolver;
  state: State;
  meter: Meter;
}): Record<string, Operation> {
  const { assembly, resolver, state, meter } = options;
  const values = new Map<string, string>();
  for (const resource of resourcesOf(assembly, 'AWS::SecretsManager::Secret')) {
    const { name } = resolver.identity(resource);
    const value =
      state.get(`secret ${name}`, z.string()) ??
      makeSecret(SecretProperties.parse(resolver.properties(resource)));
    state.set(`secret ${name}`, value);
    values.set(name, value);
  }
  return {
    'secretsmanager.GetSecretValue': (input) => {
      const { SecretId } = GetSecretValue.parse(input);
      const name = SecretId.includes(':secret:') ? (SecretId.split(':secret:')[1] ?? '') : SecretId;
      const SecretString = values.get(name) ?? values.get(nameIn(name));
      meter.add('secretsManagerCalls');
      if (SecretString === undefined) {
        throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
      }
      return {
        ARN: SecretId,
        Name: name,
        SecretString,
        VersionId: randomUUID(),
        VersionStages: ['AWSCURRENT'],
      };
    },
  };
}

function makeSecret({ SecretString, GenerateSecretString: rules }: z.infer<typeof SecretProperties>): string {
  if (SecretString !== undefined) return SecretString;
  if (rules === undefined) return '{}';
  const characters = [
    rules.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    rules.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    rules.ExcludeNumbers ? '' : '0123456789',
    rules.ExcludePunctuation ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    rules.IncludeSpace ? ' ' : '',
  ].join('');
  const allowed = Array.from(characters).filter((each) => !rules.ExcludeCharacters.includes(each));
  const password = Array.from(
    { length: rules.PasswordLength },
    () => allowed[randomInt(allowed.length)],
  ).join('');
  if (rules.SecretStringTemplate === undefined || rules.GenerateStringKey === undefined) return password;
  const template = z.record(z.string(), z.unknown()).parse(JSON.parse(rules.SecretStringTemplate));
  return JSON.stringify({ ...template, [rules.GenerateStringKey]: password });
}
