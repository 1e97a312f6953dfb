import type { EntryName } from '#contract';

/** A column: a path into the item, with a title where the path would not do. */
export type Column = string | readonly [path: string, title: string];

/** What a table shows of each item. */
export const columns: { readonly [Name in EntryName]?: readonly Column[] } = {
  'organizations.list': ['id', 'name', 'createdAt'],
  'connections.list': [
    'id',
    'name',
    'state',
    'organization',
    ['nextExpiry.kind', 'ends next'],
    ['nextExpiry.daysLeft', 'days left'],
  ],
  'domains.list': ['domain', 'state', 'trusted', 'recordName', 'recordValue', 'checkedAt'],
  'secrets.list': ['id', 'kind', 'name', 'hint', 'state', 'expiresAt', 'daysLeft', 'provenAt'],
  'tokens.list': ['id', 'name', 'expiresAt', 'daysLeft', 'lastUsedAt', 'revokedAt'],
  'clientSecrets.list': ['id', 'name', 'expiresAt', 'daysLeft', 'lastUsedAt', 'revokedAt'],
  'assertions.list': ['id', 'name', 'issuer', 'subject', 'audience', 'lastUsedAt'],
  'users.list': ['id', 'userName', 'displayName', 'email', 'active', 'updatedAt'],
  'groups.list': ['id', 'displayName', 'members', 'updatedAt'],
  'groups.members': ['id', 'userName', 'displayName', 'active', 'dangling'],
  'cycles.list': [
    'startedAt',
    'endedAt',
    'kind',
    'created',
    'updated',
    'disabled',
    'deleted',
    'unchanged',
    'failed',
    'lookups',
  ],
  'requests.list': ['id', 'at', 'method', 'path', 'status', 'ms', 'outcome'],
  'accounts.list': ['id', 'userName', 'name', 'email', 'disabled', 'lastSignInAt'],
  'userNames.past': ['userName', 'account', 'leftAt', 'keptUntil'],
  'passkeys.list': ['id', 'name', 'backedUp', 'createdAt', 'lastUsedAt'],
  'links.list': ['id', 'connection', 'authority', 'objectId', 'lastSignInAt'],
  'sessions.list': ['id', 'connection', 'createdAt', 'lastSeenAt', 'expiresAt', 'address'],
  'mailboxes.list': ['id', 'address', 'name', 'types', 'receive', 'lastPolledAt', 'fault'],
  'messages.list': ['id', 'at', 'direction', 'state', 'from', 'to', 'subject', 'attempts'],
  'clients.list': ['id', 'kind', 'name', 'redirectUris', 'createdAt'],
  'operators.list': ['id', 'name', 'email', 'role', 'lastSignInAt'],
  'breakGlass.list': ['id', 'name', 'createdAt', 'lastUsedAt'],
  'breakGlass.uses': ['id', 'at', ['name', 'by'], 'succeeded', 'address', 'acknowledgedAt', 'acknowledgedBy'],
  'keys.list': ['id', 'name', 'organization', 'expiresAt', 'lastUsedAt'],
  'events.list': ['position', 'time', 'type', ['subject.name', 'subject'], ['actor.name', 'by']],
  'events.deployment': ['position', 'time', 'type', ['subject.name', 'subject'], ['actor.name', 'by']],
  'webhooks.list': ['id', 'url', 'types', 'enabled'],
  'webhooks.deliveries': ['event', 'type', 'state', 'attempts', 'lastStatus', 'lastError', 'nextAt'],
};
