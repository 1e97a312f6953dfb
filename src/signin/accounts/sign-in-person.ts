import type { ConnectionSettings } from '#contract';
import { record } from '#events';
import type { Source } from '#http';
import type { PersonClaims } from '#openid';
import { findDeletedSubject, findNotAdmitted, findSubject, newId, only, type Transaction, type World } from '#store';
import { localAuthority } from '../local/sign-in-name.ts';
import { findAccessRequestOf, removeAccessRequest } from '../queries/access-request.ts';
import { insertAccount, refreshAccount } from '../queries/account.ts';
import { findLinkedAccount, insertLink, refreshLink } from '../queries/account-link.ts';
import { consumeInvitation } from '../queries/invitation.ts';
import { insertUserName } from '../queries/user-name.ts';
import { causeOfPerson } from '../sessions/session.ts';
import { SignInRefused } from '../sign-in-refused.ts';
import { foldText } from './find-accounts.ts';
import { judgePerson, type KnownPerson, type Verdict } from './judge-person.ts';
import { withTrustedEmail } from './trust-email.ts';
import { foldUserName, userNamesFor } from './user-name.ts';

/** A person whom Microsoft vouched for, at a connection. */
export interface PersonAtConnection {
  organizationId: string;
  connectionId: string;
  settings: ConnectionSettings;
  person: PersonClaims;
  /** The id of the invitation to this connection that the person brings. */
  invitation?: string | undefined;
}

/** A person who may sign in, as account and link say after it. */
export interface SignedInPerson {
  accountId: string;
  linkId: string;
  userId: string | null;
  userName: string;
  name: string | null;
}

type Reader = Pick<Transaction, 'run'>;
type Linked = NonNullable<KnownPerson['linked']> & {
  linkId: string;
  accountId: string;
  userName: string;
  name: string | null;
  email: string | null;
  emailVerified: number;
  toldBy: string | null;
  /** 1: another provider by which the account is got into tells name and address. */
  toldElsewhere: number;
};

/** The person's request to be let in, as far as it decides. */
type Asked = { id: string; state: string; role: string | null; words: string | null };

/** The person as the directory knows it. */
type Subject = { display_name: string | null; email: string | null };

/** The account or the link was made, disabled or deleted in the same moment: to be done again. */
export class Raced extends Error {}

/** What is known of a person, and what becomes of that. */
export async function decide(
  reader: Reader,
  { organizationId, connectionId, settings, person, invitation }: PersonAtConnection,
): Promise<{
  linked: Linked | undefined;
  verdict: Verdict;
  /** The person as the account shows it: with what the directory tells, and what the connection is trusted with. */
  person: PersonClaims;
  request?: Asked | undefined;
}> {
  const { authority, objectId } = person;
  const sought = { organizationId, directoryId: connectionId, externalId: objectId };
  const [[linked], subjects] = await Promise.all([
    reader.run(findLinkedAccount, { organizationId, authority, objectId }),
    reader.run(findSubject, sought),
  ]);
  const isNew = linked === undefined && subjects.length === 0;
  const wasDeleted = isNew && (await reader.run(findDeletedSubject, sought)).length > 0;
  const request =
    linked === undefined && settings.registration === 'approval'
      ? only(await reader.run(findAccessRequestOf, { organizationId, authority, objectId }))
      : undefined;
  const known = { linked, subjects, wasDeleted, asked: request?.state, invited: invitation !== undefined };
  const verdict = judgePerson({ connectionId, registration: settings.registration }, known);
  const [subject] = subjects;
  if (verdict.refused === 'not_provisioned' && (await hasNickname(reader, sought, person)))
    return { linked, person, verdict: { refused: 'nickname_mapped' } };
  if (verdict.refused !== null) return { linked, person, verdict, request };
  const userId = verdict.directoryId === connectionId ? (verdict.userId ?? '') : '';
  const [[shut], shown] = await Promise.all([
    reader.run(findNotAdmitted, { organizationId, directoryId: connectionId, userId }),
    withTrustedEmail(reader, { organizationId, settings, person: filledUp(person, subject) }),
  ]);
  return { linked, person: shown, request, verdict: shut === undefined ? verdict : { refused: 'not_member' } };
}

/**
 * Finds or makes the account of a person by the link of tenant id and object id (S4), never by name or address, and takes
 * over name and e-mail as they are now (S9). Throws {@link SignInRefused}, or {@link Raced} to be called again.
 */
export async function signInPerson(
  world: World,
  tx: Transaction,
  source: Source,
  given: PersonAtConnection,
): Promise<SignedInPerson> {
  const { linked, verdict, person, request } = await decide(tx, given);
  if (verdict.refused !== null) {
    const toPerson = verdict.refused === 'access_declined' ? (request?.words ?? undefined) : undefined;
    throw new SignInRefused(verdict.refused, { accountId: linked?.accountId, toPerson });
  }
  const it = { ...given, person };
  return linked === undefined
    ? createLinked(world, tx, source, it, verdict.userId, request)
    : refreshLinked(world, tx, source, it, linked, verdict);
}

async function createLinked(
  world: World,
  tx: Transaction,
  source: Source,
  it: PersonAtConnection,
  userId: string | null,
  request: Asked | undefined,
): Promise<SignedInPerson> {
  const { organizationId, connectionId, settings, person } = it;
  const at = world.now();
  const [accountId, linkId] = [newId(at), newId(at)];
  const invited = await takeInvitation(tx, it, accountId, at);
  const names = userNamesFor(person, { connectionId, userNameFrom: settings.userNameFrom });
  const account = await insertUnderFreeName(
    tx,
    {
      organizationId,
      id: accountId,
      role: request?.role ?? invited?.role ?? settings.defaultRole,
      at,
      lastSignInAt: at,
      ...shownOf(person),
    },
    names,
  );
  const linked = await tx.run(insertLink, {
    organizationId,
    id: linkId,
    accountId,
    connectionId,
    userId,
    at,
    lastSignInAt: at,
    ...proofOf(person),
  });
  if (account === undefined || linked.length === 0) throw new Raced();
  if (request !== undefined) await tx.run(removeAccessRequest, { organizationId, id: request.id });
  const name = person.name ?? null;
  const cause = causeOfPerson(source, { accountId, name, userName: account.user_name });
  await record(world, tx, cause, {
    organizationId,
    type: 'account.created',
    subject: { type: 'account', id: accountId, name: name ?? account.user_name },
    data: { connection: connectionId, userName: account.user_name },
  });
  if (invited !== undefined) {
    await record(world, tx, cause, {
      organizationId,
      type: 'invitation.used',
      subject: { type: 'invitation', id: invited.id, name: invited.name },
      data: { account: accountId, connection: connectionId, role: invited.role },
    });
  }
  await record(world, tx, cause, {
    organizationId,
    type: 'link.created',
    subject: { type: 'link', id: linkId },
    data: {
      account: accountId,
      connection: connectionId,
      authority: person.authority,
      object: person.objectId,
      user: userId,
    },
  });
  return { accountId, linkId, userId, userName: account.user_name, name };
}

/** Uses up the invitation that the person brings. Throws {@link SignInRefused} where somebody was faster and it alone would have let the person in. */
async function takeInvitation(
  tx: Transaction,
  { organizationId, connectionId, settings, invitation: id }: PersonAtConnection,
  accountId: string,
  at: number,
): Promise<{ id: string; name: string; role: string | null } | undefined> {
  if (id === undefined) return undefined;
  const used = only(await tx.run(consumeInvitation, { organizationId, id, connectionId, accountId, at }));
  if (used !== undefined) return { id, ...used };
  if (settings.registration !== 'invitation') return undefined;
  throw new SignInRefused('not_invited', { detail: 'the invitation was used or taken back meanwhile' });
}

/** Adds an account under the first of the names that nobody has or had; undefined where all are taken. */
export async function insertUnderFreeName(
  tx: Transaction,
  account: { organizationId: string; id: string; role: string | null; at: number; lastSignInAt: number | null } & Shown,
  names: Iterable<string>,
): Promise<{ user_name: string } | undefined> {
  const { organizationId, id: accountId } = account;
  for (const userName of names) {
    const folded = foldUserName(userName);
    const [free] = await tx.run(insertUserName, { organizationId, folded, userName, accountId });
    if (free === undefined) continue;
    return only(await tx.run(insertAccount, { ...account, userName, userNameFolded: folded }));
  }
  return undefined;
}

async function refreshLinked(
  world: World,
  tx: Transaction,
  source: Source,
  { organizationId, person }: PersonAtConnection,
  linked: Linked,
  verdict: { userId: string | null; directoryId: string },
): Promise<SignedInPerson> {
  const at = world.now();
  const { accountId, linkId, userName } = linked;
  const { userId, directoryId } = verdict;
  // Each account has one provider that tells who it is, however many sign in to it.
  const { toldElsewhere, emailVerified, toldBy } = linked;
  const told = {
    name: linked.name ?? undefined,
    email: linked.email ?? undefined,
    authority: toldBy ?? localAuthority,
  };
  const shown = shownOf(toldElsewhere === 1 ? { ...told, emailVerified: emailVerified === 1 } : person);
  const proof = { linkConnectionId: directoryId, userId, ...proofOf(person) };
  tx.send(refreshAccount, { organizationId, id: accountId, ...shown, at }, (refreshed) => {
    if (refreshed.length === 0) throw new Raced();
  });
  tx.send(refreshLink, { organizationId, id: linkId, at, ...proof });
  const changed = (['name', 'email', 'emailVerified'] as const).filter((field) => shown[field] !== linked[field]);
  if (changed.length > 0) {
    await record(world, tx, causeOfPerson(source, { accountId, name: shown.name, userName }), {
      organizationId,
      type: 'account.updated',
      subject: { type: 'account', id: accountId, name: shown.name ?? userName },
      data: { changed, by: 'sign-in' },
    });
  }
  return { accountId, linkId, userId, userName, name: shown.name };
}

/** What the claims leave out the directory tells, where it has the person (S16). */
const filledUp = (person: PersonClaims, subject: Subject | undefined): PersonClaims => ({
  ...person,
  name: person.name ?? subject?.display_name ?? undefined,
  email: person.email ?? subject?.email ?? undefined,
});

/** Whether a user carries the person's mail nickname as externalId: Entra's default mapping. Only to say so; it proves nobody. */
async function hasNickname(
  reader: Reader,
  sought: { organizationId: string; directoryId: string },
  { preferredUsername }: PersonClaims,
): Promise<boolean> {
  const [externalId = ''] = preferredUsername?.split('@') ?? [];
  return externalId !== '' && (await reader.run(findSubject, { ...sought, externalId })).length > 0;
}

/** What an account shows of its person, and who told it. */
type Shown = ReturnType<typeof shownOf>;

export const shownOf = (person: Pick<PersonClaims, 'name' | 'email' | 'emailVerified' | 'authority'>) => {
  const { name = null, email = null } = person;
  return {
    name,
    nameFolded: name === null ? null : foldText(name),
    email,
    emailFolded: email === null ? null : foldText(email),
    emailVerified: person.emailVerified ? 1 : 0,
    toldBy: person.authority === localAuthority ? null : person.authority,
  };
};

/** What a link keeps of a proof. */
export const proofOf = (person: PersonClaims) => ({
  authority: person.authority,
  tenantId: person.tenantId ?? null,
  objectId: person.objectId,
  issuer: person.issuer,
  subject: person.subject,
  preferredUsername: person.preferredUsername ?? null,
});
