import type { Group, Tenant, User } from '../directory/tenant.ts';
import { textOf } from '../faults/faults.ts';
import { type Answer, type Exchange, header, json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { type GraphCall, requirePermission } from './caller.ts';
import { type Earliest, keepEarliest } from './earliest.ts';
import { readGroups, readUsers } from './find-member.ts';
import { GraphError, requestIds } from './graph-error.ts';
import { groupResource } from './group-view.ts';
import { queryOption } from './odata-page.ts';
import { basicUser, userResource } from './user-view.ts';

type Resource = Readonly<Record<string, unknown>>;

/** How far a client has read, packed into the opaque token of nextLink and deltaLink. */
type Position = {
  readonly of: 'users' | 'groups';
  /** Changes up to this sequence number of the tenant are known. */
  readonly after: number;
  /** The first round tells what is there; only later ones tell what is gone. */
  readonly initial: boolean;
  readonly select: string | null;
  readonly top: number;
};

type Change = { readonly changed: number; readonly view: () => Resource };

const defaultTop = 100;
const mostTop = 999;

/** What changed among users and groups since a client asked last (user: delta, group: delta). */
export function directoryDeltaRoutes(): Routes<GraphCall> {
  return {
    'GET /users/delta': (call) => {
      requirePermission(call, ...readUsers);
      return answerDelta(call, 'users', changedUsers);
    },
    'GET /groups/delta': (call) => {
      requirePermission(call, ...readGroups);
      return answerDelta(call, 'groups', changedGroups);
    },
  };
}

/** Answers one page, oldest change first. Throws 400 for a token that is none, 410 syncStateNotFound for one that is lost. */
function answerDelta(
  { world, exchange, caller: { tenant } }: GraphCall,
  of: Position['of'],
  list: (tenant: Tenant, position: Position, page: Earliest<Change>) => void,
): Answer {
  const token = queryOption(exchange, '$skiptoken') ?? queryOption(exchange, '$deltatoken');
  const lost = (): boolean =>
    world.faults.strike('sync-state-lost', (fault) => exchange.url.pathname.includes(textOf(fault, 'path') ?? '')) !==
    undefined;
  if (token !== undefined && token !== 'latest' && lost()) throw syncStateLost();
  const position = readPosition(exchange, of, token, tenant.sequence);
  if (of === 'groups' && !position.initial && position.after < tenant.membershipsKnownSince) throw syncStateLost();
  // One further tells that there is a next page.
  const found = keepEarliest<Change>(position.after, position.top + 1);
  if (token !== 'latest') list(tenant, position, found);
  const page = found.kept.slice(0, position.top);
  const last = page.at(-1);
  const isMore = found.kept.length > page.length && last !== undefined;
  const onward = isMore
    ? { ...position, after: last.changed }
    : { ...position, after: tenant.sequence, initial: false };
  const [link, name] = isMore ? ['@odata.nextLink', '$skiptoken'] : ['@odata.deltaLink', '$deltatoken'];
  const code = Buffer.from(JSON.stringify(onward)).toString('base64url');
  return json(
    200,
    {
      '@odata.context': `${exchange.origin}/v1.0/$metadata#${of}`,
      [link]: `${exchange.origin}${exchange.url.pathname}?${name}=${code}`,
      value: page.map(({ view }) => shown(view(), position, exchange)),
    },
    requestIds(exchange),
  );
}

function readPosition(exchange: Exchange, of: Position['of'], token: string | undefined, sequence: number): Position {
  if (token !== undefined && token !== 'latest') return openToken(of, token);
  const top = Number(queryOption(exchange, '$top') ?? defaultTop);
  if (!Number.isInteger(top) || top < 1 || top > mostTop)
    throw new GraphError(
      400,
      'Request_BadRequest',
      `Invalid page size specified: '${top}'. Must be between 1 and ${mostTop} inclusive.`,
    );
  if (queryOption(exchange, '$orderby') !== undefined || queryOption(exchange, '$filter') !== undefined)
    throw new GraphError(400, 'Request_UnsupportedQuery', 'Delta queries take neither $orderby nor, here, $filter.');
  const select = queryOption(exchange, '$select') ?? null;
  return { of, after: token === 'latest' ? sequence : 0, initial: token === undefined, select, top };
}

function openToken(of: Position['of'], token: string): Position {
  try {
    const position: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (typeof position === 'object' && position !== null && 'of' in position && position.of === of)
      return position as Position;
  } catch {
    // Falls through to the refusal.
  }
  throw new GraphError(400, 'Request_BadRequest', 'The specified delta token is invalid.');
}

const syncStateLost = (): GraphError =>
  new GraphError(410, 'syncStateNotFound', 'The sync state generation is not found; a full synchronization is needed.');

/** What was selected; what nobody ever set is left out, and with `Prefer: return=minimal` only ids and changes of members stay. */
function shown(resource: Resource, { select }: Position, exchange: Exchange): Resource {
  if ('@removed' in resource) return resource;
  const wanted = select?.split(',').map((name) => name.trim().toLowerCase());
  const isMinimal = header(exchange, 'prefer')?.includes('return=minimal') === true && select === null;
  const left: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(resource)) {
    const isWanted = wanted?.includes(name.toLowerCase().replace(/@delta$/, '')) ?? true;
    if (name === 'id' || (isWanted && value !== null && !(isMinimal && name === 'createdDateTime'))) left[name] = value;
  }
  return left;
}

function changedUsers(tenant: Tenant, { initial, select }: Position, page: Earliest<Change>): void {
  const show = select === null ? basicUser : userResource;
  const view = (user: User) => (): Resource => show(user);
  for (const user of tenant.users.values())
    if (page.wants(user.changed)) page.add({ changed: user.changed, view: view(user) });
  if (initial) return;
  // A deleted user can be restored: that is why he has only "changed".
  for (const { id, changed } of tenant.deletedUsers.values())
    if (page.wants(changed)) page.add({ changed, view: () => removed(id, 'changed') });
  addPurged(tenant, 'User', page);
}

function changedGroups(tenant: Tenant, { after, initial }: Position, page: Earliest<Change>): void {
  const since = Map.groupBy(
    initial ? [] : tenant.membershipChanges.filter(({ changed }) => changed > after),
    ({ groupId }) => groupId,
  );
  for (const group of tenant.groups.values())
    if (page.wants(group.changed))
      page.add({
        changed: group.changed,
        view: () => {
          const isNew = initial || group.made > after;
          const members = isNew ? allMembers(tenant, group) : memberChanges(tenant, since.get(group.id) ?? []);
          return { ...groupResource(group), ...(members.length === 0 ? {} : { 'members@delta': members }) };
        },
      });
  if (!initial) addPurged(tenant, 'Group', page);
}

const typeOf = ({ groups }: Tenant, id: string): string => `#microsoft.graph.${groups.has(id) ? 'group' : 'user'}`;

const allMembers = (tenant: Tenant, { memberIds }: Group): Resource[] =>
  [...memberIds].map((id) => ({ '@odata.type': typeOf(tenant, id), id }));

/** The last that happened to each member. */
function memberChanges(tenant: Tenant, changes: Tenant['membershipChanges']): Resource[] {
  const last = new Map(changes.map(({ memberId, isMember }) => [memberId, isMember]));
  return [...last].map(([id, isMember]) => ({
    '@odata.type': typeOf(tenant, id),
    id,
    ...(isMember ? {} : { '@removed': { reason: 'deleted' } }),
  }));
}

const removed = (id: string, reason: 'changed' | 'deleted'): Resource => ({ id, '@removed': { reason } });

function addPurged({ purged }: Tenant, wanted: 'User' | 'Group', page: Earliest<Change>): void {
  for (const { id, type, changed } of purged)
    if (type === wanted && page.wants(changed)) page.add({ changed, view: () => removed(id, 'deleted') });
}
