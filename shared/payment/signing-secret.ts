import * as z from 'zod';

/** Shorter secrets could be guessed; the deployment makes one of 64 characters. */
const Secret = z.string().min(32);

/**
 * The secret that signs payment links, sandbox sessions and webhooks, read once per function instance. A failed read
 * is not kept: the next call reads again.
 * @param read fetches it from where it is kept
 */
export function rememberedSecret(read: () => Promise<string | undefined>): () => Promise<string> {
  let secret: Promise<string> | undefined;
  const readChecked = async () => {
    try {
      return Secret.parse(await read());
    } catch (error) {
      secret = undefined;
      throw error;
    }
  };
  return () => {
    secret ??= readChecked();
    return secret;
  };
}
