/**
 * Every right by its one stable name, with what it lets its holder do. The console, the CLI's help, the docs and the
 * 403 problem all speak these names.
 */
export const rights = {
  'organizations:read': 'see organizations',
  'organizations:create': 'add organizations',
  'organizations:update': 'rename organizations and switch their local sign-in on or off',
  'organizations:delete': 'delete organizations with everything in them',
  'connections:read': 'see connections, their checks and their setup plan',
  'connections:create': 'add connections',
  'connections:update': 'change, test, activate, pause and roll back connections',
  'connections:delete': 'delete connections',
  'domains:read': 'see e-mail domains and the records that prove them',
  'domains:update': 'add, verify and remove e-mail domains',
  'domains:trust': 'take e-mail domains on trust, without a proof',
  'secrets:read': 'see which secrets a connection has and when they expire, never their values',
  'secrets:set': 'set, prove, switch and remove secrets',
  'tokens:read': 'see the SCIM tokens, client secrets and trusted assertions of a directory, never values',
  'tokens:issue': 'issue and revoke SCIM tokens and client secrets, and say which assertions are trusted',
  'directories:update': 'change how a directory answers, and decide on what its brake holds',
  'users:read': 'see provisioned users, groups and memberships',
  'requests:read': 'see recorded provisioning requests',
  'accounts:read': 'see accounts',
  'accounts:update': 'disable and enable accounts, and change their roles',
  'accounts:delete': 'delete accounts, and give the user names of deleted ones free',
  'accounts:create':
    'add accounts that sign in by a password or a passkey of their own, and decide on those who ask to be let in',
  'accounts:invite': 'invite people who have no account yet, and take invitations back',
  'accounts:reset': 'issue links to set a password or a passkey, and remove passwords and passkeys',
  'accounts:unlock': 'end the lock of an account after wrong passwords',
  'links:read': 'see what an account is linked to',
  'links:create': 'link accounts to people of a tenant or provider: whoever signs in as one of those is the account',
  'links:delete': 'remove links',
  'sessions:read': 'see sessions',
  'sessions:end': 'end sessions',
  'mailboxes:read': 'see mailboxes',
  'mailboxes:update': 'add, change and remove mailboxes',
  'mail:read': 'read messages and their attempts',
  'mail:send': 'send messages',
  'events:read': 'read events',
  'webhooks:read': 'see webhooks and their deliveries',
  'webhooks:update': 'add, change and remove webhooks',
  'clients:read': 'see the clients of the provider',
  'clients:update': 'add, change and remove clients of the provider',
  'provider:rotate': 'change the keys that the provider signs with',
  'operators:read': 'see operators',
  'operators:update': 'add, change and remove operators and issue their sign-in links',
  'keys:read': 'see API keys, never their values',
  'keys:issue': 'issue and revoke API keys with no more rights than one holds',
} as const;

/** The name of a right. */
export type Right = keyof typeof rights;

/** All rights in the order of the table. */
export const allRights = Object.keys(rights) as readonly Right[];

/** Roles are named sets of rights; an operator holds exactly one. */
export const roles = {
  owner: { about: 'everything, operators and API keys included', rights: allRights },
  administrator: {
    about: 'everything but operators and API keys',
    rights: allRights.filter((right) => !right.startsWith('operators:') && !right.startsWith('keys:')),
  },
  reader: {
    about: 'sees everything but message contents, changes nothing',
    rights: allRights.filter((right) => right.endsWith(':read') && right !== 'mail:read'),
  },
} as const satisfies Record<string, { about: string; rights: readonly Right[] }>;

/** The name of a role. */
export type Role = keyof typeof roles;
