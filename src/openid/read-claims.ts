import { type PersonClaims, readEmail, text, texts, timeOf } from './person-claims.ts';
import type { OpenidClaims } from './validate-id-token.ts';

/**
 * Reads what a provider that is not Microsoft Entra says about a person (OpenID Connect Core §5.1): the claims of its id
 * token, and what only its userinfo endpoint has. The key is issuer and subject; a claim of an unexpected type counts as absent.
 */
export function readOpenidClaims(token: OpenidClaims, userinfo: Readonly<Record<string, unknown>> = {}): PersonClaims {
  const claims: Readonly<Record<string, unknown>> = { ...userinfo, ...token };
  // E-mail and its proof belong together: both out of the same answer.
  const email = text(token['email']) === undefined ? userinfo : token;
  const groups = claims['groups'];
  return {
    authority: token.iss,
    tenantId: undefined,
    objectId: token.sub,
    issuer: token.iss,
    subject: token.sub,
    name: text(claims['name']),
    givenName: text(claims['given_name']),
    familyName: text(claims['family_name']),
    preferredUsername: text(claims['preferred_username']),
    ...readEmail(
      { email: email['email'], email_verified: email['email_verified'] },
      ['email_verified'],
      'have the provider send email_verified',
    ),
    groups: Array.isArray(groups) || typeof groups === 'string' ? texts(groups) : undefined,
    groupsOverage: false,
    roles: texts(claims['roles']),
    directoryRoles: [],
    sid: text(token['sid']),
    loginHint: undefined,
    guest: undefined,
    homeIssuer: undefined,
    authenticationContexts: texts(token['acr']),
    authenticationMethods: texts(token['amr']),
    authenticatedAt: timeOf(token['auth_time']),
    sessionExpiresAt: timeOf(token['session_expiry']),
  };
}
