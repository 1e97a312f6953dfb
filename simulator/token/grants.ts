import { randomBytes } from 'node:crypto';
import type { Platform } from '../applications/redirect-uris.ts';

/** What a person granted to an app in one sign-in; codes and refresh tokens stand for it. */
export type Grant = {
  readonly appId: string;
  readonly tenantId: string;
  readonly userId: string;
  /** OpenID Connect scopes: `openid`, `profile`, `email`, `offline_access`. */
  readonly openidScopes: readonly string[];
  /** The API the access token is for, and the scopes asked of it. */
  readonly resourceAppId: string;
  readonly resourceScopes: readonly string[];
  readonly platform: Platform;
  readonly sid: string;
  readonly authenticatedAt: number;
};

/** An authorization code on its way to the token endpoint. */
export type Code = {
  readonly grant: Grant;
  readonly redirectUri: string;
  readonly nonce: string | undefined;
  readonly challenge: { readonly method: 'S256' | 'plain'; readonly value: string } | undefined;
  readonly issuedAt: number;
  redeemed: boolean;
};

/** A refresh token; SPA tokens end a fixed time after the first sign-in, others when unused. */
export type RefreshToken = {
  readonly grant: Grant;
  readonly expiresAt: number;
  readonly spaExpiresAt: number | undefined;
};

/** Codes and refresh tokens that are under way. */
export type Grants = {
  readonly codes: Map<string, Code>;
  readonly refreshTokens: Map<string, RefreshToken>;
};

/** Codes live about ten minutes (OAuth 2.0 authorization code flow on the Microsoft identity platform). */
export const codeLifetime = 10 * 60_000;

/** A refresh token lives 90 days, that of a SPA 24 hours. */
export const refreshLifetime = { usual: 90 * 86_400_000, spa: 86_400_000 } as const;

/** No grants yet. */
export function createGrants(): Grants {
  return { codes: new Map(), refreshTokens: new Map() };
}

/** Keeps a code under a name of its own, and forgets the codes that ran out an hour ago. */
export function insertCode(grants: Grants, code: Code): string {
  for (const [key, { issuedAt }] of grants.codes) {
    if (issuedAt > code.issuedAt - 3_600_000) break;
    grants.codes.delete(key);
  }
  const key = `1.${randomBytes(48).toString('base64url')}`;
  grants.codes.set(key, code);
  return key;
}

/** Keeps a refresh token under a name of its own. */
export function insertRefreshToken(grants: Grants, token: RefreshToken): string {
  const key = `1.${randomBytes(48).toString('base64url')}`;
  grants.refreshTokens.set(key, token);
  return key;
}
