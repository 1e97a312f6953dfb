import { type Cause, record } from '#events';
import { isSecretOf, mintCredential, parseCredential } from '#http';
import { becomesDue, only, type Transaction, type World } from '#store';
import { purgeEveryMs } from '../purge.ts';
import { findLocalLink, insertLocalLink, removeLocalLinks } from '../queries/local-link.ts';

const linkMs = 3_600_000;

/** A one-time link by which a person sets a password or adds a passkey; valid for an hour. */
export interface LocalLink {
  url: string;
  expiresAt: string;
}

/** Issues a link for an account, in the transaction given; those it had before are worth nothing any more. */
export async function issueLocalLink(
  world: World,
  tx: Transaction,
  cause: Cause,
  organizationId: string,
  account: { id: string; name: string },
): Promise<LocalLink> {
  const { id, value, hash } = mintCredential('set');
  const at = world.now();
  const expiresAt = at + linkMs;
  await tx.run(removeLocalLinks, { organizationId, accountId: account.id });
  await tx.run(insertLocalLink, { organizationId, id, accountId: account.id, hash, at, expiresAt });
  await becomesDue(tx, { kind: 'signin.purge', organizationId, subject: '', in: purgeEveryMs });
  await record(world, tx, cause, {
    organizationId,
    type: 'account.link_issued',
    subject: { type: 'account', id: account.id, name: account.name },
  });
  return {
    url: `${world.config.url}/login/set?token=${organizationId}.${value}`,
    expiresAt: new Date(expiresAt).toISOString(),
  };
}

/** Whose link it is that a token opens, while it is good; it is not used up by asking. */
export async function findLinkOfToken(
  world: World,
  token: string,
): Promise<{ organizationId: string; id: string; accountId: string } | undefined> {
  // The token names the organization too: links are kept with it.
  const at = token.indexOf('.');
  if (at < 1 || at > 64) return undefined;
  const credential = parseCredential('set', token.slice(at + 1));
  if (credential === undefined) return undefined;
  const organizationId = token.slice(0, at);
  const { id, secret } = credential;
  const row = only(await world.store.read(findLocalLink, { organizationId, id }));
  if (row === undefined || row.expires_at <= world.now() || !isSecretOf(secret, row.hash)) return undefined;
  return { organizationId, id, accountId: row.account_id };
}
