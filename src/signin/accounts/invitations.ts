import { getConnection } from '#connections';
import type { CreateInvitation, Invitation, Page } from '#contract';
import { type Cause, record } from '#events';
import { isSecretOf, mintCredential, notFound, parseCredential } from '#http';
import { becomesDue, only, type PageQuery, toPage, type World } from '#store';
import { purgeEveryMs } from '../purge.ts';
import { findInvitation, insertInvitation, listInvitations, removeInvitation } from '../queries/invitation.ts';

const dayMs = 86_400_000;

/** The cookie that brings an invitation, and nothing else, to the end of the sign-in that it leads into. */
export const invitationCookie = '__Host-portico_invitation';

/** An invitation that is good: it says what it opens, and who it is for is only in the list. */
export interface OpenInvitation {
  organizationId: string;
  id: string;
  connectionId: string;
}

type Row = NonNullable<(typeof listInvitations)['of']>['row'];

const toInvitation = (row: Row, now: number): Invitation => ({
  id: row.id,
  connection: row.connection_id,
  name: row.name,
  email: row.email,
  role: row.role,
  state: row.used_at !== null ? 'used' : row.expires_at > now ? 'open' : 'expired',
  account: row.account_id,
  invitedBy: row.invited_by,
  createdAt: new Date(row.created_at).toISOString(),
  expiresAt: new Date(row.expires_at).toISOString(),
  usedAt: row.used_at === null ? null : new Date(row.used_at).toISOString(),
});

/** Invites a person to sign in by a connection; only the hash of what proves it is kept. Throws `not-found` for the connection. */
export async function createInvitation(
  world: World,
  cause: Cause,
  organizationId: string,
  input: CreateInvitation,
): Promise<Invitation & { value: string; url: string }> {
  const connection = await getConnection(world, organizationId, input.connection);
  const minted = mintCredential('invite');
  // The value names the organization too: invitations are kept with it.
  const value = `${organizationId}.${minted.value}`;
  const at = world.now();
  const row = await world.store.write(async (tx) => {
    const added = only(
      await tx.run(insertInvitation, {
        organizationId,
        id: minted.id,
        connectionId: connection.id,
        hash: minted.hash,
        name: input.name,
        email: input.email,
        role: input.role,
        invitedBy: cause.actor.name ?? cause.actor.id ?? null,
        at,
        expiresAt: at + input.days * dayMs,
      }),
    );
    if (added === undefined) throw new Error('the invitation was not inserted');
    await becomesDue(tx, { kind: 'signin.purge', organizationId, subject: '', in: purgeEveryMs });
    await record(world, tx, cause, {
      organizationId,
      type: 'invitation.created',
      subject: { type: 'invitation', id: minted.id, name: input.name },
      data: { connection: connection.id, role: input.role },
    });
    return added;
  });
  return { ...toInvitation(row, at), value, url: `${world.config.url}/login/invitation?token=${value}` };
}

/** A page of the invitations; those that ended are forgotten after a month. */
export async function pageOfInvitations(
  world: World,
  organizationId: string,
  query: PageQuery,
): Promise<Page<Invitation>> {
  const now = world.now();
  const rows = await world.store.read(listInvitations, {
    organizationId,
    after: query.cursor ?? '',
    limit: query.limit + 1,
  });
  return toPage(
    rows,
    query.limit,
    (row) => toInvitation(row, now),
    (row) => row.id,
  );
}

/** Takes an invitation back. Throws `not-found`. */
export function deleteInvitation(world: World, cause: Cause, organizationId: string, id: string): Promise<void> {
  return world.store.write(async (tx) => {
    const removed = only(await tx.run(removeInvitation, { organizationId, id }));
    if (removed === undefined) throw notFound('invitation', id);
    await record(world, tx, cause, {
      organizationId,
      type: 'invitation.removed',
      subject: { type: 'invitation', id, name: removed.name },
      data: { connection: removed.connection_id, used: removed.used_at !== null },
    });
  });
}

/** The invitation that a value proves, while it is good; it is not used up by asking. */
export async function findOpenInvitation(world: World, value: string): Promise<OpenInvitation | undefined> {
  const at = value.indexOf('.');
  if (at < 1 || at > 64) return undefined;
  const credential = parseCredential('invite', value.slice(at + 1));
  if (credential === undefined) return undefined;
  const organizationId = value.slice(0, at);
  const { id, secret } = credential;
  const row = only(await world.store.read(findInvitation, { organizationId, id }));
  if (row === undefined || row.expires_at <= world.now() || !isSecretOf(secret, row.hash)) return undefined;
  return { organizationId, id, connectionId: row.connection_id };
}
