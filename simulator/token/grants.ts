import { randomBytes } from 'node:crypto';
import type { Platform } from '../applications/redirect-uris.ts';
import type { Scopes } from '../sign-in/scopes.ts';

/** What a person granted to an app in one sign-in; codes and refresh tokens stand for it. */
export type Grant = {
  readonly appId: string;
  readonly tenantId: string;
  readonly userId: string;
  /** OpenID Connect scopes: `openid`, `profile`, `email`, `offline_access`. */
  readonly openidScopes: readonly string[];
  /** The API the access token is for, as the request named it, and the scopes asked of it. */
  readonly resourceAppId: string;
  readonly identifier: string;
  readonly resourceScopes: readonly string[];
  readonly platform: Platform;
  readonly sid: string;
  readonly authenticatedAt: number;
  /** How he proved who he is: `pwd`, `mfa` … */
  readonly amr: readonly string[];
  /** Authentication contexts that were asked for and fulfilled, by the token that is to say so in `acrs`. */
  readonly contexts?: { readonly idToken: readonly string[]; readonly accessToken: readonly string[] };
  /** Whether the id_token says when he signed in, for the request had `max_age` or asked for `auth_time`. */
  readonly tellsTime?: boolean;
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
  readonly issuedAt: number;
  /** Set when the person's sessions were revoked. */
  revokedAt: number | undefined;
};

/** A device code on its way: somebody enters its user code elsewhere, signs in there, and allows it. */
export type DeviceCode = {
  readonly userCode: string;
  readonly appId: string;
  /** The tenant, or `common` and the like, that the device asked. */
  readonly authority: string;
  readonly scopes: Scopes;
  readonly issuedAt: number;
  /** Where the sign-in page comes back to, once somebody has entered the user code. */
  returnUri: string | undefined;
  state: 'pending' | 'approved' | 'declined' | 'redeemed';
  grant: Grant | undefined;
};

/** Codes and refresh tokens that are under way. */
export type Grants = {
  readonly codes: Map<string, Code>;
  readonly refreshTokens: Map<string, RefreshToken>;
  readonly deviceCodes: Map<string, DeviceCode>;
};

/** Codes live about ten minutes (OAuth 2.0 authorization code flow on the Microsoft identity platform). */
export const codeLifetime = 10 * 60_000;

/** Device codes live a quarter of an hour (OAuth 2.0 device authorization grant on the Microsoft identity platform). */
export const deviceCodeLifetime = 15 * 60_000;

/** A refresh token lives 90 days, that of a SPA 24 hours. */
export const refreshLifetime = { usual: 90 * 86_400_000, spa: 86_400_000 } as const;

/** No grants yet. */
export function createGrants(): Grants {
  return { codes: new Map(), refreshTokens: new Map(), deviceCodes: new Map() };
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

/** Keeps a device code under a name of its own, and forgets those that ran out an hour ago. */
export function insertDeviceCode(grants: Grants, code: DeviceCode): string {
  for (const [key, { issuedAt }] of grants.deviceCodes) {
    if (issuedAt > code.issuedAt - deviceCodeLifetime - 3_600_000) break;
    grants.deviceCodes.delete(key);
  }
  const key = randomBytes(96).toString('base64url');
  grants.deviceCodes.set(key, code);
  return key;
}

/** Finds what somebody types from his device, however he writes it. */
export function findDeviceCode(grants: Grants, userCode: string): DeviceCode | undefined {
  const wanted = userCode.replace(/[\s-]/g, '').toUpperCase();
  return grants.deviceCodes.values().find((code) => code.userCode === wanted);
}

/** Keeps a refresh token under a name of its own. */
export function insertRefreshToken(grants: Grants, token: RefreshToken): string {
  const key = `1.${randomBytes(48).toString('base64url')}`;
  grants.refreshTokens.set(key, token);
  return key;
}

/** Ends every refresh token of a person (password changed, sessions revoked, account at risk): AADSTS50173 from now on. */
export function revokeRefreshTokens(grants: Grants, userId: string, now: number): void {
  for (const token of grants.refreshTokens.values()) if (token.grant.userId === userId) token.revokedAt ??= now;
}
