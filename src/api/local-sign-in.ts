import {
  createLocalAccount,
  deletePasskey,
  deletePassword,
  getLocalSignIn,
  linkForAccount,
  pageOfPasskeys,
  unlockAccount,
} from '#signin';
import type { Handlers } from './handler.ts';

/** Accounts that sign in by passwords and passkeys of their own. */
export const localSignInHandlers: Handlers<
  | 'accounts.create'
  | 'accounts.localSignIn'
  | 'accounts.reset'
  | 'accounts.removePassword'
  | 'accounts.unlock'
  | 'passkeys.list'
  | 'passkeys.delete'
> = {
  'accounts.create': (world, { cause, organizationId, body }) => createLocalAccount(world, cause, organizationId, body),
  'accounts.localSignIn': (world, { organizationId, params }) => getLocalSignIn(world, organizationId, params.account),
  'accounts.reset': (world, { cause, organizationId, params }) =>
    linkForAccount(world, cause, organizationId, params.account),
  'accounts.removePassword': async (world, { cause, organizationId, params }) =>
    void (await deletePassword(world, cause, organizationId, params.account)),
  'accounts.unlock': async (world, { cause, organizationId, params }) =>
    void (await unlockAccount(world, cause, organizationId, params.account)),
  'passkeys.list': (world, { organizationId, params, query }) =>
    pageOfPasskeys(world, organizationId, params.account, query),
  'passkeys.delete': async (world, { cause, organizationId, params }) =>
    void (await deletePasskey(world, cause, { organizationId, accountId: params.account }, params.passkey)),
};
