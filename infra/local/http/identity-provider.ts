import { createHash } from 'node:crypto';
import { exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { State } from '../state.ts';

const keyId = 'local';
const Jwk = z.looseObject({ kty: z.string() });
const Stored = z.object({ privateKey: Jwk, publicKey: Jwk });

const yearSeconds = 365 * 86_400;

/**
 * Stands in for the Cognito user pool: signs ID tokens with a key of its own that is kept in the data directory, and
 * publishes it under `/_local/idp/`. Tokens live by real time, so moving the business clock does not end them.
 */
export class IdentityProvider {
  readonly publicKey: JWK;
  readonly #privateKey: JWK;
  readonly #verified = new Map<string, { claims: Record<string, unknown>; until: number }>();
  readonly #issuer: string;
  readonly #audience: string;

  private constructor(keys: { privateKey: JWK; publicKey: JWK }, issuer: string, audience: string) {
    this.#privateKey = keys.privateKey;
    this.publicKey = keys.publicKey;
    this.#issuer = issuer;
    this.#audience = audience;
  }

  /** @param issuer and audience as the authorizer of the template expects them */
  static async open(state: State, issuer: string, audience: string): Promise<IdentityProvider> {
    const kept = state.get('identity provider', Stored) ?? (await makeKeys());
    state.set('identity provider', kept);
    return new IdentityProvider(kept, issuer, audience);
  }

  /**
   * An ID token as Cognito would issue it, good for a year.
   * @param roles the user's groups
   * @param customerId the customer a user of the group `customer` acts for
   */
  async issue(roles: string | readonly string[], customerId?: string): Promise<string> {
    const groups = typeof roles === 'string' ? [roles] : [...roles];
    const user = [...groups, ...(customerId === undefined ? [] : [customerId])].join('.');
    const sub = createHash('sha256')
      .update(user)
      .digest('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5');
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({
      token_use: 'id',
      'cognito:username': sub,
      'cognito:groups': groups,
      email: `${user}@local.example`,
      email_verified: true,
      auth_time: now,
      ...(customerId !== undefined && { 'custom:customer_id': customerId }),
    })
      .setProtectedHeader({ alg: 'RS256', kid: keyId })
      .setSubject(sub)
      .setIssuer(this.#issuer)
      .setAudience(this.#audience)
      .setIssuedAt(now)
      .setExpirationTime(now + yearSeconds)
      .sign(await importJWK(this.#privateKey, 'RS256'));
  }

  /** The claims of a token that holds: signature, issuer, audience, expiry; undefined of one that doesn't. */
  async verify(
    token: string,
    issuer: string,
    audience: string[],
  ): Promise<Record<string, unknown> | undefined> {
    const key = `${issuer} ${audience.join()} ${token}`;
    const known = this.#verified.get(key);
    if (known !== undefined && known.until > Date.now()) return known.claims;
    try {
      const { payload } = await jwtVerify(token, await importJWK(this.publicKey, 'RS256'), {
        issuer,
        audience,
        algorithms: ['RS256'],
        requiredClaims: ['exp'],
      });
      if (this.#verified.size > 5000) this.#verified.clear();
      this.#verified.set(key, { claims: payload, until: (payload.exp ?? 0) * 1000 });
      return payload;
    } catch {
      return undefined;
    }
  }

  /** The two documents an OpenID Connect client looks for. */
  documents(url: string): { configuration: unknown; keys: unknown } {
    return {
      configuration: {
        issuer: this.#issuer,
        jwks_uri: `${url}/_local/idp/.well-known/jwks.json`,
        id_token_signing_alg_values_supported: ['RS256'],
        response_types_supported: ['token'],
        subject_types_supported: ['public'],
      },
      keys: { keys: [{ ...this.publicKey, kid: keyId, alg: 'RS256', use: 'sig' }] },
    };
  }
}

async function makeKeys(): Promise<z.infer<typeof Stored>> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  return Stored.parse({ privateKey: await exportJWK(privateKey), publicKey: await exportJWK(publicKey) });
}
