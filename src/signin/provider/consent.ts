import { record } from '#events';
import { notFound, type Source } from '#http';
import { only, type World } from '#store';
import { findClient } from '../queries/client.ts';
import { findConsent, listConsentsOf, putConsent, removeConsent } from '../queries/consent.ts';
import { listGrantsOfAccount } from '../queries/product-session.ts';
import { removeArtifact } from '../queries/provider-artifact.ts';
import { causeOfPerson, type ValidSession } from '../sessions/session.ts';
import type { KnownClient } from './clients.ts';

/** Scopes by the resource that they are of; those of OpenID Connect under the empty one. */
export type ScopesByResource = Readonly<Record<string, readonly string[]>>;

/** The products of others that a person may have allowed: more are not listed. */
const mostListed = 200;

/** A consent as its person sees it. */
export interface Consent {
  client: { id: string; name: string };
  scopes: ScopesByResource;
  createdAt: string;
}

type Person = Pick<ValidSession, 'organizationId' | 'accountId'>;
type NamedPerson = Person & Pick<ValidSession, 'name' | 'userName'>;

/** What a person allowed a client; undefined where nothing. */
export async function consentOf(
  world: World,
  { organizationId, accountId }: Person,
  clientId: string,
): Promise<ScopesByResource | undefined> {
  const row = only(await world.store.read(findConsent, { organizationId, accountId, clientId }));
  return row === undefined ? undefined : JSON.parse(row.scopes);
}

/** Remembers what a person allows a product of somebody else, beside what was allowed before. */
export async function giveConsent(
  world: World,
  source: Source,
  person: NamedPerson,
  client: KnownClient,
  asked: ScopesByResource,
): Promise<void> {
  const { organizationId, accountId } = person;
  const of = { organizationId, accountId, clientId: client.id };
  await world.store.write(async (tx) => {
    const found = only(await tx.run(findConsent, of));
    const before: ScopesByResource = found === undefined ? {} : JSON.parse(found.scopes);
    const scopes = Object.fromEntries(
      [...new Set([...Object.keys(before), ...Object.keys(asked)])].map((resource) => [
        resource,
        [...new Set([...(before[resource] ?? []), ...(asked[resource] ?? [])])],
      ]),
    );
    await tx.run(putConsent, { ...of, scopes: JSON.stringify(scopes), at: world.now() });
    await record(world, tx, causeOfPerson(source, person), {
      organizationId,
      type: 'consent.given',
      subject: { type: 'client', id: client.id, name: client.name },
      data: { account: accountId, scopes: asked },
    });
  });
}

/** What a person allowed the products of others. */
export async function listConsents(world: World, { organizationId, accountId }: Person): Promise<Consent[]> {
  const rows = await world.store.read(listConsentsOf, { organizationId, accountId, limit: mostListed });
  const consents = rows.map(async ({ clientId, scopes, createdAt }): Promise<Consent[]> => {
    const client = only(await world.store.read(findClient, { id: clientId }));
    if (client === undefined) return [];
    const { id, name } = client;
    return [{ client: { id, name }, scopes: JSON.parse(scopes), createdAt: new Date(createdAt).toISOString() }];
  });
  return (await Promise.all(consents)).flat();
}

/**
 * Takes a consent back: the product is asked about again, and every token that it had of this person is worth nothing from the
 * commit on. Throws `not-found`.
 */
export function revokeConsent(world: World, source: Source, person: NamedPerson, clientId: string): Promise<void> {
  const { organizationId, accountId } = person;
  return world.store.write(async (tx) => {
    const removed = await tx.run(removeConsent, { organizationId, accountId, clientId });
    if (removed.length === 0) throw notFound('consent', clientId);
    for (const { grantId } of await tx.run(listGrantsOfAccount, { organizationId, accountId, clientId })) {
      if (grantId !== null) await tx.run(removeArtifact, { id: grantId });
    }
    await record(world, tx, causeOfPerson(source, person), {
      organizationId,
      type: 'consent.revoked',
      subject: { type: 'client', id: clientId },
      data: { account: accountId },
    });
  });
}
