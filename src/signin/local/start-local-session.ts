import { firstSettings } from '#contract';
import { record } from '#events';
import { type Source, setCookie } from '#http';
import type { Transaction, World } from '#store';
import { insertAccountEvent } from '../queries/account-event.ts';
import { touchLocalAccount, touchLocalLink } from '../queries/local-password.ts';
import { causeOfPerson, endOwnSession, sessionCookie, startSession, type ValidSession } from '../sessions/session.ts';
import { rememberDevice } from './device-cookie.ts';
import { localAuthority } from './sign-in-name.ts';

const lifetimes = {
  expiresMs: firstSettings.sessionHours * 3_600_000,
  idleMs: firstSettings.idleMinutes * 60_000,
} as const;

/**
 * RFC 8176: a passkey proves that somebody holds its key (`pop`: whether in hardware is not known without an attestation, which
 * nobody is asked for), is there (`user`), and unlocked it: two factors.
 */
const methods = { password: 'pwd', passkey: 'pop user mfa' } as const;

/** A person who proved to be the owner of an account here. */
export interface LocalPerson {
  organizationId: string;
  accountId: string;
  linkId: string;
  signInName: string;
  userName: string;
  name: string | null;
  by: 'password' | 'passkey';
}

/** A browser that signs in: where it is, and what it brought. */
export interface SigningIn {
  source: Source;
  headers: Headers;
  /** The session that it has. */
  before: ValidSession | undefined;
}

/**
 * Starts a session of an account by its local link, in one transaction with what else `also` writes. Gives the cookies to set;
 * undefined where `also` says no, or the account was disabled meanwhile.
 */
export async function startLocalSession(
  world: World,
  { source, headers, before }: SigningIn,
  person: LocalPerson,
  also: (tx: Transaction) => Promise<boolean>,
): Promise<string[] | undefined> {
  const { organizationId, accountId, linkId, signInName, userName, name, by } = person;
  const at = world.now();
  const session = await world.store.write(async (tx) => {
    if (!(await also(tx))) return undefined;
    if ((await tx.run(touchLocalAccount, { organizationId, accountId, at })).length === 0) return undefined;
    const started = await startSession(
      world,
      tx,
      source,
      {
        organizationId,
        accountId,
        linkId,
        connectionId: '',
        userId: null,
        roles: [],
        groups: null,
        acr: null,
        amr: methods[by],
        authenticatedAt: at,
        expiresAt: at + lifetimes.expiresMs,
        idleMs: lifetimes.idleMs,
        issuer: world.config.url,
        sid: null,
        logoutHint: null,
      },
      before,
    );
    await tx.run(touchLocalLink, { organizationId, linkId, at });
    const eventId = await record(world, tx, causeOfPerson(source, { accountId, name, userName }), {
      organizationId,
      type: 'sign_in.succeeded',
      subject: { type: 'account', id: accountId, name: name ?? userName },
      data: { connection: null, session: started.id, authority: localAuthority, object: signInName, by },
    });
    await tx.run(insertAccountEvent, { organizationId, accountId, eventId });
    return started;
  });
  if (session === undefined) return undefined;
  if (before !== undefined && before.id !== session.id)
    await endOwnSession(world, source, before, 'another person signed in');
  return [
    setCookie(sessionCookie, session.cookie, lifetimes.expiresMs / 1000, 'Lax'),
    rememberDevice(world, headers, organizationId, signInName),
  ];
}
