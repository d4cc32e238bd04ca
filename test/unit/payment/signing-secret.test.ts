import { describe, expect, it, vi } from 'vitest';
import { rememberedSecret } from '#shared/payment/signing-secret.ts';

const SECRET = 'a-secret-of-this-test-that-is-long-enough';

describe('the signing secret', () => {
  it('is read once, however many ask at once', async () => {
    const read = vi.fn<() => Promise<string>>().mockResolvedValue(SECRET);
    const secretOf = rememberedSecret(read);
    expect(await Promise.all([secretOf(), secretOf()])).toEqual([SECRET, SECRET]);
    expect(await secretOf()).toBe(SECRET);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('is read again after a failure', async () => {
    const read = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(new Error('throttled'))
      .mockResolvedValue(SECRET);
    const secretOf = rememberedSecret(read);
    await expect(secretOf()).rejects.toThrow('throttled');
    expect(await secretOf()).toBe(SECRET);
  });

  it('is refused when it could be guessed or is missing', async () => {
    await expect(rememberedSecret(() => Promise.resolve('short'))()).rejects.toThrow('Too small');
    await expect(rememberedSecret(() => Promise.resolve(undefined))()).rejects.toThrow('expected string');
  });
});
