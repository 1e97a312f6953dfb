import {
  changeAccount,
  deleteLink,
  endSession,
  getAccount,
  pageOfAccounts,
  pageOfLinks,
  pageOfSessions,
} from '#signin';
import type { Handlers } from './handler.ts';

/** Accounts, their links and sessions. */
export const accountHandlers: Handlers<
  | 'accounts.list'
  | 'accounts.get'
  | 'accounts.update'
  | 'links.list'
  | 'links.delete'
  | 'sessions.list'
  | 'sessions.end'
> = {
  'accounts.list': (world, { organizationId, query }) => pageOfAccounts(world, organizationId, query),
  'accounts.get': (world, { organizationId, params }) => getAccount(world, organizationId, params.account),
  'accounts.update': (world, { cause, organizationId, params, body }) =>
    changeAccount(world, cause, organizationId, params.account, body),
  'links.list': (world, { organizationId, params, query }) => pageOfLinks(world, organizationId, params.account, query),
  'links.delete': async (world, { cause, organizationId, params }) =>
    void (await deleteLink(world, cause, organizationId, params.account, params.link)),
  'sessions.list': async (world, { organizationId, params, query }) => {
    await getAccount(world, organizationId, params.account);
    return pageOfSessions(world, organizationId, params.account, query);
  },
  'sessions.end': async (world, { cause, organizationId, params }) =>
    void (await endSession(world, cause, organizationId, params.account, params.session)),
};
