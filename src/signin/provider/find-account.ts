import type { Account } from 'oidc-provider';
import type { ValidSession } from '../sessions/session.ts';

/** The claims that each scope gives, as discovery names them. */
export const claimsByScope = {
  openid: ['sub', 'organization', 'connection', 'tid', 'oid'],
  profile: ['name', 'preferred_username'],
  email: ['email', 'email_verified'],
};

/** What the provider says of a person: all of it comes from the session, that is from the last sign-in. */
export const accountOf = (session: ValidSession): Account => ({
  accountId: session.accountId,
  claims: () => ({
    sub: session.accountId,
    organization: session.organizationId,
    connection: session.connectionId,
    tid: session.tenantId,
    oid: session.objectId,
    name: session.name ?? session.userName,
    preferred_username: session.preferredUsername ?? session.userName,
    ...(session.email === null ? {} : { email: session.email, email_verified: session.emailVerified }),
  }),
});
