import { type EntraWorld, getConnection } from '#connections';
import type { UserNamePreview, UserNameRule } from '#contract';
import { notFound } from '#http';
import { only, type Transaction } from '#store';
import { findUserName } from '../queries/user-name.ts';
import { firstUserName, foldUserName, type UserNameClaims, type UserNaming } from './user-name.ts';

/** S8: what a name would become, and whether it is free. Changes nothing. */
export async function previewUserName(
  reader: Pick<Transaction, 'run'>,
  organizationId: string,
  claims: UserNameClaims,
  naming: UserNaming,
): Promise<UserNamePreview> {
  const { userName, rule } = firstUserName(claims, naming);
  const taken = only(await reader.run(findUserName, { organizationId, folded: foldUserName(userName) }));
  const state = taken === undefined ? 'free' : taken.past === 1 ? 'past' : 'taken';
  return { userName, rule, state };
}

/** The like for a connection, by the rule that its draft or live settings say, or another one. Throws `not-found`. */
export async function previewUserNameAt(
  world: EntraWorld,
  organizationId: string,
  connectionId: string,
  { rule, ...claims }: UserNameClaims & { rule?: UserNameRule | undefined },
): Promise<UserNamePreview> {
  const { draft, live } = await getConnection(world, organizationId, connectionId);
  const settings = draft ?? live;
  if (settings === null) throw notFound('connection', connectionId);
  const naming = { connectionId, userNameFrom: rule ?? settings.userNameFrom };
  return previewUserName({ run: world.store.read }, organizationId, claims, naming);
}
