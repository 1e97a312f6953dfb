import { getConnection, listedTenants } from '#connections';
import type { ConnectionSettings, CreateLink, Link } from '#contract';
import { isGuid, issuerRuleOf, takesTenant } from '#entra';
import { type Cause, record } from '#events';
import { notFound, Problem } from '#http';
import { findSubject, newId, only, type Transaction, type World } from '#store';
import { findAccountOfUser, findLinkedAccount, insertLink, listLinks, lockAccount } from '../queries/account-link.ts';
import { getAccount } from './account.ts';
import { toLink } from './links.ts';
import { mostLinks } from './most-links.ts';

/** Who a link says it is: who vouches, and for whom. */
export interface Proof {
  authority: string;
  tenantId: string | null;
  objectId: string;
  issuer: string;
  subject: string;
  preferredUsername: string | null;
}

/**
 * S4: links an account to a person as an operator says. Throws `not-found` for the account, `invalid-request` that names the
 * field where such a person cannot come by the connection, `wrong-state` where account or connection are switched off, and `conflict` where
 * the person is linked already; whose account that is it says only where `maySee`.
 */
export async function createLink(
  world: World,
  cause: Cause,
  organizationId: string,
  accountId: string,
  input: CreateLink,
  maySee: boolean,
): Promise<Link> {
  const { connection: connectionId } = input;
  await getAccount(world, organizationId, accountId);
  const found = await getConnection(world, organizationId, connectionId).catch((error: unknown) => {
    if (!(error instanceof Problem) || error.problem !== 'not-found') throw error;
    throw invalid('connection', `there is no connection ${JSON.stringify(connectionId)} in this organization`);
  });
  const settings = found.live ?? found.draft;
  if (settings === null || found.state === 'paused' || !settings.signIn)
    throw wrongState('connection', `nobody signs in by ${found.name}`, 'take the connection and its sign-in up again');
  const proof = proofOf(settings, input);
  return world.store.write(async (tx) => {
    const account = only(await tx.run(lockAccount, { organizationId, accountId }));
    if (account === undefined) throw notFound('account', accountId);
    if (account.disabled === 1) throw wrongState('account', 'the account is disabled', 'enable it first');
    const { userId } = await requireFree(tx, { organizationId, connectionId, accountId, maySee }, proof);
    const it = { organizationId, connectionId, accountId, userId, proof, by: 'an operator' } as const;
    const link = await linkTo(world, tx, cause, it);
    if (link === undefined) throw linkedAlready(undefined);
    return link;
  });
}

/** Writes a link down, with its event; undefined where somebody is linked to the person already. */
export async function linkTo(
  world: World,
  tx: Transaction,
  cause: Cause,
  it: {
    organizationId: string;
    connectionId: string;
    accountId: string;
    userId: string | null;
    proof: Proof;
    by: 'an operator' | 'the person';
  },
): Promise<Link | undefined> {
  const { organizationId, connectionId, accountId, userId, proof, by } = it;
  const at = world.now();
  const id = newId(at);
  const { authority, objectId } = proof;
  const where = { organizationId, accountId, connectionId };
  const added = await tx.run(insertLink, { ...where, ...proof, id, userId, at, lastSignInAt: null });
  if (added.length === 0) return undefined;
  await record(world, tx, cause, {
    organizationId,
    type: 'link.created',
    subject: { type: 'link', id },
    data: { account: accountId, connection: connectionId, authority, object: objectId, user: userId, by },
  });
  const row = { connection_id: connectionId, authority, object_id: objectId, user_id: userId };
  return toLink({ id, ...row, created_at: at, last_sign_in_at: null });
}

/** Who the person is that comes by a connection under this id. Throws `invalid-request`. */
function proofOf(settings: ConnectionSettings, { tenantId, objectId }: CreateLink): Proof {
  if (settings.provider !== 'entra') {
    if (tenantId !== null) throw invalid('tenantId', 'only connections to Microsoft Entra have tenants');
    const { issuer } = settings;
    return { authority: issuer, tenantId: null, objectId, issuer, subject: objectId, preferredUsername: null };
  }
  if (!isGuid(objectId))
    throw invalid('objectId', 'is no object id: Microsoft Entra shows it on the page of the user, a GUID');
  const listed = listedTenants(settings);
  const tenant = (tenantId ?? (listed.length === 1 ? listed[0] : undefined))?.toLowerCase();
  if (tenant === undefined && settings.accountType === 'oneTenant')
    throw wrongState('connection', `${settings.name} has no tenant yet`, 'say which tenant it is for');
  if (tenant === undefined)
    throw invalid('tenantId', 'the connection takes people of several tenants: say which one this person is of');
  if (!isGuid(tenant)) throw invalid('tenantId', 'is no tenant id, which is a GUID');
  if (!takesTenant(issuerRuleOf(settings.accountType, listed), tenant))
    throw invalid('tenantId', 'the connection does not take people of this tenant');
  const issuer = settings.issuer.replace('{tenantid}', tenant);
  const of = { authority: tenant, tenantId: tenant, objectId: objectId.toLowerCase() };
  // Entra's subject is one for each application: the first sign-in tells.
  return { ...of, issuer, subject: '', preferredUsername: null };
}

/** Sees to it that nobody is linked to the person, and gives the person's user where the directory has one. */
async function requireFree(
  tx: Transaction,
  of: { organizationId: string; connectionId: string; accountId: string; maySee: boolean },
  { authority, objectId }: Proof,
): Promise<{ userId: string | null }> {
  const { organizationId, connectionId: directoryId, accountId, maySee } = of;
  const linked = only(await tx.run(findLinkedAccount, { organizationId, authority, objectId }));
  if (linked !== undefined) throw linkedAlready(maySee ? linked.accountId : undefined);
  const [user, another] = await tx.run(findSubject, { organizationId, directoryId, externalId: objectId });
  if (another !== undefined)
    throw conflict('two users of the directory carry this object id', 'map a unique attribute to externalId');
  if (user?.active === 0)
    throw conflict('the directory has switched this person off', 'assign the person in Microsoft Entra first');
  const ofUser =
    user === undefined
      ? undefined
      : only(await tx.run(findAccountOfUser, { organizationId, directoryId, userId: user.id }));
  if (ofUser !== undefined && ofUser.accountId !== accountId)
    throw linkedAlready(maySee ? ofUser.accountId : undefined);
  const links = await tx.run(listLinks, { organizationId, accountId, after: '', limit: mostLinks });
  if (links.length >= mostLinks)
    throw wrongState('account', `the account has ${mostLinks} links, which is the most`, 'remove one first');
  return { userId: user?.id ?? null };
}

const linkedAlready = (accountId: string | undefined): Problem =>
  conflict(
    accountId === undefined
      ? 'the person is linked already'
      : `the person is linked to the account ${accountId} already`,
    'remove that link first',
  );

const conflict = (detail: string, remedy: string): Problem =>
  new Problem('conflict', { detail, remedy, errors: [{ field: 'objectId', detail }] });

const invalid = (field: string, detail: string): Problem =>
  new Problem('invalid-request', {
    detail: `${field} is not valid here`,
    remedy: 'correct the field named',
    errors: [{ field, detail }],
  });

const wrongState = (field: string, detail: string, remedy: string): Problem =>
  new Problem('wrong-state', { detail, remedy, errors: [{ field, detail }] });
