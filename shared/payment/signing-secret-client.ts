import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { rememberedSecret } from './signing-secret.ts';

/**
 * The deployment's signing secret, from Secrets Manager; see {@link rememberedSecret}.
 * @param secretId its name or ARN
 */
export function signingSecret(
  secretId: string,
  client = new SecretsManagerClient({}),
): () => Promise<string> {
  return rememberedSecret(async () => {
    const answer = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    return answer.SecretString;
  });
}
