import {
  changeAccount,
  createLink,
  deleteAccount,
  deleteLink,
  endAllSessions,
  endSession,
  getAccount,
  pageOfAccounts,
  pageOfLinks,
  pageOfPastUserNames,
  pageOfSessions,
  previewUserNameAt,
  purgeUserName,
} from '#signin';
import type { Handlers } from './handler.ts';

/** Accounts, their links and sessions. */
export const accountHandlers: Handlers<
  | 'accounts.list'
  | 'accounts.get'
  | 'accounts.update'
  | 'accounts.delete'
  | 'userNames.past'
  | 'userNames.purge'
  | 'userNames.preview'
  | 'links.list'
  | 'links.create'
  | 'links.delete'
  | 'sessions.list'
  | 'sessions.end'
  | 'sessions.endAll'
> = {
  'accounts.list': (world, { organizationId, query }) => pageOfAccounts(world, organizationId, query),
  'accounts.get': (world, { organizationId, params }) => getAccount(world, organizationId, params.account),
  'accounts.update': (world, { cause, organizationId, params, body }) =>
    changeAccount(world, cause, organizationId, params.account, body),
  'accounts.delete': async (world, { cause, organizationId, params }) =>
    void (await deleteAccount(world, cause, organizationId, params.account)),
  'userNames.past': (world, { organizationId, query }) => pageOfPastUserNames(world, organizationId, query),
  'userNames.purge': async (world, { cause, organizationId, params }) =>
    void (await purgeUserName(world, cause, organizationId, params.userName)),
  'userNames.preview': (world, { organizationId, params, query }) =>
    previewUserNameAt(world, organizationId, params.connection, query),
  'links.list': (world, { organizationId, params, query }) => pageOfLinks(world, organizationId, params.account, query),
  'links.create': (world, { caller, cause, organizationId, params, body }) => {
    const maySee = caller.rights.has('accounts:read');
    return createLink(world, cause, organizationId, params.account, body, maySee);
  },
  'links.delete': async (world, { cause, organizationId, params }) =>
    void (await deleteLink(world, cause, organizationId, params.account, params.link)),
  'sessions.list': async (world, { organizationId, params, query }) => {
    await getAccount(world, organizationId, params.account);
    return pageOfSessions(world, organizationId, params.account, query);
  },
  'sessions.end': async (world, { cause, organizationId, params }) =>
    void (await endSession(world, cause, organizationId, params.account, params.session)),
  'sessions.endAll': async (world, { cause, organizationId, body }) => {
    if (body.account !== undefined) await getAccount(world, organizationId, body.account);
    return endAllSessions(world, cause, organizationId, body.account);
  },
};
