import type { JWTPayload } from 'jose';
import type { Provider } from './discover-provider.ts';
import type { KeyCache } from './key-cache.ts';
import { TokenRefused } from './token-refused.ts';
import { assertNonce, type VerifiedToken, verifyToken } from './verify-token.ts';

/** The claims of an id token of some provider that was validated. */
export interface OpenidClaims extends JWTPayload {
  readonly iss: string;
  readonly sub: string;
}

/**
 * Validates an id token of a provider that is not Microsoft Entra (OpenID Connect Core §3.1.3.7): its issuer exactly, a key
 * of it, an algorithm that it names, this client alone, time, subject, nonce. Throws {@link TokenRefused}; ProviderError
 * where the keys cannot be had.
 */
export async function validateIdToken(
  token: string,
  expected: {
    readonly provider: Pick<Provider, 'issuer' | 'jwksUri' | 'algorithms'>;
    readonly clientId: string;
    readonly nonce: string;
    readonly keys: KeyCache;
    readonly now: () => number;
  },
): Promise<VerifiedToken & { readonly claims: OpenidClaims }> {
  const { provider, clientId, nonce, keys, now } = expected;
  const { jwksUri, algorithms } = provider;
  const verified = await verifyToken(token, { jwksUri, algorithms, clientId, keys, now });
  const { iss, sub, azp } = verified.claims;
  if (iss !== provider.issuer) {
    throw new TokenRefused('issuer', `the token is of issuer ${iss?.slice(0, 300)}, expected was ${provider.issuer}.`);
  }
  if (azp !== undefined && azp !== clientId) {
    throw new TokenRefused('audience', `the token was made for application ${JSON.stringify(azp)} (azp).`);
  }
  assertNonce(verified.claims, nonce);
  if (typeof sub !== 'string' || sub === '' || sub.length > 255) {
    throw new TokenRefused('subject', 'the token names nobody: sub is missing or longer than 255 characters.');
  }
  return { ...verified, claims: { ...verified.claims, iss, sub } };
}
