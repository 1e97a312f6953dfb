/**
 * Owns signing people in: Portico as relying party of Microsoft Entra, accounts and their links, sessions, the sign-in page,
 * test sign-ins, and the OpenID provider that products talk to.
 * Never does: find an account by e-mail or name, or say who may administer Portico (that is `access`).
 * Start reading at `relying-party/door.ts`, then `accounts/judge-person.ts` and `sessions/session.ts`.
 */
import type { CheckOf } from '#connections';
import { checkPlaces } from './check-places.ts';
import { checkRegistration, checkRouting } from './check-registration.ts';

export {
  decideOnAccess,
  deleteAccessRequest,
  getAccessRequest,
  pageOfAccessRequests,
} from './accounts/access-requests.ts';
export { getAccount } from './accounts/account.ts';
export { changeAccount } from './accounts/change-account.ts';
export { createLink } from './accounts/create-link.ts';
export { deleteAccount } from './accounts/delete-account.ts';
export { pageOfAccounts } from './accounts/find-accounts.ts';
export { createInvitation, deleteInvitation, pageOfInvitations } from './accounts/invitations.ts';
export { deleteLink, pageOfLinks } from './accounts/links.ts';
export { pageOfPastUserNames, purgeUserName } from './accounts/past-user-names.ts';
export { previewUserNameAt } from './accounts/preview-user-name.ts';
export { explainRefusedSignIn } from './explain-refused-sign-in.ts';
export {
  createLocalAccount,
  deletePasskey,
  deletePassword,
  getLocalSignIn,
  linkForAccount,
  pageOfPasskeys,
  unlockAccount,
} from './local/manage-local-account.ts';
export { createLoginDoor } from './pages/login-door.ts';
export { createMeDoor } from './pages/me/door.ts';
export { addSecret, announceSecrets, removeSecret } from './provider/client-secrets.ts';
export {
  changeClient,
  createClient,
  deleteClient,
  getClient,
  pageOfClients,
} from './provider/clients.ts';
export { listConsents, revokeConsent } from './provider/consent.ts';
export { createConsentDoor } from './provider/consent-door.ts';
export { createProvider } from './provider/create-provider.ts';
export { purgeProvider } from './provider/purge-provider.ts';
export { listKeys, rotateKeys, tendKeys } from './provider/rotate-keys.ts';
export { signAssertion } from './provider/sign-assertion.ts';
export { purgeSignIns } from './purge.ts';
export { refusals } from './refusals.ts';
export { refusalsOfEntra } from './refusals-of-entra.ts';
export { createOauthDoor } from './relying-party/door.ts';
export { endAllSessions, endInvalidSessions, sweepSessions } from './sessions/end-sessions.ts';
export { openPlaces } from './sessions/places.ts';
export { endSession, pageOfSessions } from './sessions/session.ts';
export { tellProduct } from './sessions/tell-product.ts';
export { createSignInTest, getSignInTest } from './sign-in-test.ts';

/** What this room can ask about a connection. */
export const signinChecks: readonly CheckOf[] = [checkRegistration, checkRouting, checkPlaces];
