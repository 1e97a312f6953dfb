import { listedTenants, listSignInConnections, localOrganization } from '#connections';
import type { ConnectionSettings } from '#contract';
import { issuerRuleOf, takesTenant } from '#entra';
import type { Source } from '#http';
import { findSubject, only, type World } from '#store';
import { localAuthority } from '../local/sign-in-name.ts';
import { listLinks, lockAccount } from '../queries/account-link.ts';
import { findLocalName } from '../queries/local-password.ts';
import { listPasskeys } from '../queries/passkey.ts';
import { causeOfPerson, type ValidSession } from '../sessions/session.ts';
import { removeWithSessions } from './links.ts';
import { mostLinks } from './most-links.ts';

/** A link as its person sees it. */
export interface OwnLink {
  id: string;
  /** What it is called: the connection's name, or that it is the sign-in of Portico itself. */
  name: string;
  /** As whom the person is known there, where that is something to read. */
  knownAs: string | null;
  createdAt: number;
  lastSignInAt: number | null;
  /** Whether the person may remove it. */
  removable: boolean;
}

/** A connection that the person may add. */
export interface OpenConnection {
  id: string;
  name: string;
}

type Whose = Pick<ValidSession, 'organizationId' | 'accountId'>;
type Row = NonNullable<(typeof listLinks)['of']>['row'];

/** The links of an account for its own person, and the connections that are open to be added. */
export async function listOwnLinks(
  world: World,
  { organizationId, accountId }: Whose,
): Promise<{ links: OwnLink[]; open: OpenConnection[] }> {
  const [rows, connections, opens] = await Promise.all([
    world.store.read(listLinks, { organizationId, accountId, after: '', limit: mostLinks }),
    listSignInConnections(world, organizationId),
    waysIn(world, { organizationId, accountId }),
  ]);
  const links = rows.map((row) => {
    const by = connections.find(({ id }) => id === row.connection_id);
    const isLocal = row.authority === localAuthority;
    return {
      id: row.id,
      name: isLocal ? 'E-mail address and password, or passkey' : (by?.settings.name ?? row.authority),
      knownAs: isLocal ? row.object_id : row.preferred_username,
      createdAt: row.created_at,
      lastSignInAt: row.last_sign_in_at,
      removable: row.user_id === null && rows.some((other) => other.id !== row.id && opens(other)),
    };
  });
  const open = connections.filter(
    ({ id, settings }) => settings.linkable && !rows.some((row) => row.connection_id === id),
  );
  return { links, open: rows.length >= mostLinks ? [] : open.map(({ id, settings }) => ({ id, name: settings.name })) };
}

/**
 * Removes a link for its own person, unless no other way in would be left, or the directory has its user: who is switched
 * off there has to be out of the account too.
 */
export async function removeOwnLink(
  world: World,
  source: Source,
  session: ValidSession,
  id: string,
): Promise<'removed' | 'gone' | 'last' | 'provisioned'> {
  const { organizationId, accountId } = session;
  const opens = await waysIn(world, session);
  return world.store.write(async (tx) => {
    // Two removals at the same moment come one after the other, so that each sees what the other left.
    await tx.run(lockAccount, { organizationId, accountId });
    const links = await tx.run(listLinks, { organizationId, accountId, after: '', limit: mostLinks });
    const link = links.find((it) => it.id === id);
    if (link === undefined) return 'gone';
    const sought = { organizationId, directoryId: link.connection_id, externalId: link.object_id };
    if (link.user_id !== null || (await tx.run(findSubject, sought)).length > 0) return 'provisioned';
    if (!links.some((it) => it.id !== id && opens(it))) return 'last';
    const removed = await removeWithSessions(world, tx, causeOfPerson(source, session), {
      organizationId,
      accountId,
      id,
    });
    return removed ? 'removed' : 'gone';
  });
}

/** Tells by which links of an account somebody can come in as things are: connections that take them, password or passkey. */
async function waysIn(
  world: World,
  { organizationId, accountId }: Whose,
): Promise<(link: Pick<Row, 'authority'>) => boolean> {
  const [connections, local, named, passkeys] = await Promise.all([
    listSignInConnections(world, organizationId),
    localOrganization(world, organizationId),
    world.store.read(findLocalName, { organizationId, accountId, authority: localAuthority }),
    world.store.read(listPasskeys, { organizationId, accountId, after: '', limit: 1 }),
  ]);
  const hasOwn = local !== undefined && (passkeys.length > 0 || (only(named)?.hash ?? null) !== null);
  return ({ authority }) =>
    authority === localAuthority ? hasOwn : connections.some(({ settings }) => takes(settings, authority));
}

const takes = (settings: ConnectionSettings, authority: string): boolean =>
  settings.provider === 'entra'
    ? takesTenant(issuerRuleOf(settings.accountType, listedTenants(settings)), authority)
    : settings.issuer === authority;
