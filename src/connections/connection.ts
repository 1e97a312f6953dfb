import type { Connection, ConnectionSettings, ConnectionState, Expiry, Page, RedirectUri } from '#contract';
import { notFound } from '#http';
import { only, type PageQuery, toPage, type World } from '#store';
import { soonestExpiry } from './expiry.ts';
import { findConnection, listConnections } from './queries/connection.ts';
import { findRoute } from './queries/domain.ts';
import { findScope, listScopes } from './queries/scope.ts';

/** A connection as it is stored. */
export interface ConnectionRow {
  organization_id: string;
  id: string;
  state: string;
  live: string | null;
  draft: string | null;
  previous: string | null;
  draft_tested_at: number | null;
  version: number;
  created_at: number;
  updated_at: number;
}

/** A connection as the other rooms work with it: who it is, and the settings that are live. */
export interface LiveConnection {
  organizationId: string;
  id: string;
  settings: ConnectionSettings;
}

/** The settings in a column. */
export const readSettings = (text: string | null): ConnectionSettings | null =>
  text === null ? null : JSON.parse(text);

/** C6: every redirect URI of a connection. They follow from its id alone, so they are known before anything is typed. */
export function redirectUrisOf(publicUrl: string, connectionId: string): RedirectUri[] {
  return [
    {
      platform: 'web',
      uri: `${publicUrl}/oauth/login/${connectionId}/callback`,
      about: 'Authentication > Add a platform > Web > Redirect URI',
    },
    {
      platform: 'front-channel logout',
      uri: `${publicUrl}/oauth/logout/${connectionId}`,
      about: 'Authentication > Front-channel logout URL',
    },
  ];
}

/** The Tenant URL that a provisioning client calls. */
export const tenantUrlOf = (publicUrl: string, directoryId: string): string => `${publicUrl}/scim/v2/${directoryId}`;

/** P2: where a provisioning client gets access tokens; its client id is the connection's. */
export const tokenEndpointOf = (publicUrl: string, directoryId: string): string =>
  `${publicUrl}/scim/oauth2/${directoryId}/token`;

/** A connection as REST tells it. */
export function toConnection(world: World, row: ConnectionRow, nextExpiry: Expiry | null): Connection {
  const live = readSettings(row.live);
  const draft = readSettings(row.draft);
  return {
    id: row.id,
    organization: row.organization_id,
    name: (live ?? draft)?.name ?? row.id,
    state: row.state as ConnectionState,
    live,
    draft,
    draftTestedAt: row.draft_tested_at === null ? null : new Date(row.draft_tested_at).toISOString(),
    canRollBack: row.previous !== null,
    redirectUris: redirectUrisOf(world.config.url, row.id),
    tenantUrl: tenantUrlOf(world.config.url, row.id),
    tokenEndpoint: tokenEndpointOf(world.config.url, row.id),
    nextExpiry,
    version: row.version,
    createdAt: new Date(row.created_at).toISOString(),
    updatedAt: new Date(row.updated_at).toISOString(),
  };
}

/** The organization of a connection id, or undefined. */
export async function organizationOf(world: World, connectionId: string): Promise<string | undefined> {
  return only(await world.store.read(findScope, { connectionId }))?.organization_id;
}

/** The connection that people of an e-mail domain are sent to, where the domain is proven or taken on trust; or undefined. */
export async function connectionOfDomain(world: World, domain: string): Promise<LiveConnection | undefined> {
  const found = only(await world.store.read(findRoute, { domain: domain.toLowerCase() }));
  return found === undefined ? undefined : findLive(world, found.organization_id, found.connection_id);
}

/** A connection with live settings that is active; undefined where it is not there, a draft, or paused. */
export async function findLive(world: World, organizationId: string, id: string): Promise<LiveConnection | undefined> {
  const row = only(await world.store.read(findConnection, { organizationId, id }));
  const settings = row?.state === 'active' ? readSettings(row.live) : null;
  return settings === null ? undefined : { organizationId, id, settings };
}

/** S1: the active connections of an organization that sign people in, by id; the first `most` of its connections are looked at. */
export async function listSignInConnections(
  world: World,
  organizationId: string,
  most = 50,
): Promise<LiveConnection[]> {
  const rows = await world.store.read(listConnections, { organizationId, after: '', limit: most });
  return rows.flatMap((row) => {
    const settings = row.state === 'active' ? readSettings(row.live) : null;
    return settings?.signIn === true ? [{ organizationId, id: row.id, settings }] : [];
  });
}

/** Among so many connections it is looked who signs people in; where there are more, there is not just one. */
const lookedAt = 11;

/** The connections that sign people in, among the first few of the deployment. */
export async function someSignInConnections(world: World): Promise<LiveConnection[]> {
  const scopes = await world.store.read(listScopes, { after: '', limit: lookedAt });
  const found = await Promise.all(scopes.map((it) => findLive(world, it.organization_id, it.connection_id)));
  return found.flatMap((it) => (it?.settings.signIn === true ? [it] : []));
}

/** S1: the one connection that signs people in, where the deployment has few connections and exactly one that does. */
export async function onlySignInConnection(world: World): Promise<LiveConnection | undefined> {
  if ((await world.store.read(listScopes, { after: '', limit: lookedAt })).length === lookedAt) return undefined;
  const [first, another] = await someSignInConnections(world);
  return another === undefined ? first : undefined;
}

/** A connection. Throws `not-found`. */
export async function getConnection(world: World, organizationId: string, id: string): Promise<Connection> {
  const row = only(await world.store.read(findConnection, { organizationId, id }));
  if (row === undefined) throw notFound('connection', id);
  return toConnection(world, row, await soonestExpiry(world, organizationId, id));
}

/** A page of one organization's connections. */
export async function pageOfConnections(
  world: World,
  organizationId: string,
  query: PageQuery,
): Promise<Page<Connection>> {
  const rows = await world.store.read(listConnections, {
    organizationId,
    after: query.cursor ?? '',
    limit: query.limit + 1,
  });
  const page = toPage(
    rows,
    query.limit,
    (row) => row,
    (row) => row.id,
  );
  return {
    ...page,
    items: await Promise.all(
      page.items.map(async (row) => toConnection(world, row, await soonestExpiry(world, organizationId, row.id))),
    ),
  };
}

/** A page of all connections: their ids come from the one table that has them all, each connection from its organization. */
export async function pageOfAllConnections(world: World, query: PageQuery): Promise<Page<Connection>> {
  const rows = await world.store.read(listScopes, { after: query.cursor ?? '', limit: query.limit + 1 });
  const page = toPage(
    rows,
    query.limit,
    (row) => row,
    (row) => row.connection_id,
  );
  return {
    ...page,
    items: await Promise.all(page.items.map((row) => getConnection(world, row.organization_id, row.connection_id))),
  };
}
