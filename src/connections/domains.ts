import { randomBytes } from 'node:crypto';
import type { Domain, Page } from '#contract';
import { type Cause, record } from '#events';
import { notFound, Problem } from '#http';
import { only, type PageQuery, type Transaction, toPage, type World } from '#store';
import { isFreeMail } from './free-mail.ts';
import {
  findDomain,
  findDomainOwner,
  findDomainScope,
  insertDomain,
  insertDomainOwner,
  listDomains,
  removeDomain,
  removeDomainOwner,
  updateDomainTrusted,
} from './queries/domain.ts';

/** A domain as it is stored. */
export interface DomainRow {
  domain: string;
  token: string;
  state: string;
  trusted: number;
  verified_at: number | null;
  checked_at: number | null;
  failing_at: number | null;
  saw: string | null;
  created_at: number;
}

const timeOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** A domain as REST tells it. */
export const toDomain = (row: DomainRow): Domain => ({
  domain: row.domain,
  state: row.state as Domain['state'],
  trusted: row.trusted === 1,
  routes: row.trusted === 1 || isProven(row),
  recordName: `_portico.${row.domain}`,
  recordValue: recordValueOf(row.token),
  verifiedAt: timeOf(row.verified_at),
  checkedAt: timeOf(row.checked_at),
  failingSince: timeOf(row.failing_at),
  saw: row.saw,
  createdAt: new Date(row.created_at).toISOString(),
});

/** What the TXT record has to hold. */
export const recordValueOf = (token: string): string => `portico-domain=${token}`;

/** A lost record warns before it counts: until then the domain is as good as proven. */
const isProven = ({ state }: Pick<DomainRow, 'state'>): boolean => state === 'verified' || state === 'failing';

/** S6: whether an organization proved by DNS that an e-mail domain is its own. */
export async function isDomainProven(
  reader: Pick<Transaction, 'run'>,
  organizationId: string,
  domain: string,
): Promise<boolean> {
  const row = only(await reader.run(findDomain, { organizationId, domain: domain.toLowerCase() }));
  return row !== undefined && isProven(row);
}

/** Whether an e-mail domain belongs to another organization of this deployment. */
export async function isDomainOfAnother(
  reader: Pick<Transaction, 'run'>,
  organizationId: string,
  domain: string,
): Promise<boolean> {
  const owner = only(await reader.run(findDomainOwner, { domain: domain.toLowerCase() }));
  return owner !== undefined && owner.organization_id !== organizationId;
}

/** A page of the e-mail domains of an organization. */
export async function pageOfDomains(world: World, organizationId: string, query: PageQuery): Promise<Page<Domain>> {
  const rows = await world.store.read(listDomains, {
    organizationId,
    after: query.cursor ?? '',
    limit: query.limit + 1,
  });
  return toPage(rows, query.limit, toDomain, (row) => row.domain);
}

/** Notes a domain, so that its record can be made. It proves nothing and sends nobody anywhere. */
export function createDomain(
  world: World,
  cause: Cause,
  organizationId: string,
  { domain }: { domain: string },
): Promise<Domain> {
  refuseFreeMail([domain]);
  return world.store.write(async (tx) => {
    await nameDomains(world, tx, cause, organizationId, [domain]);
    const row = only(await tx.run(findDomain, { organizationId, domain }));
    if (row === undefined) throw notFound('domain', domain);
    return toDomain(row);
  });
}

/** Refuses domains that are everybody's, by the list of the package email-providers. */
export function refuseFreeMail(domains: readonly string[], field = 'domain'): void {
  for (const [index, domain] of domains.entries()) {
    if (!isFreeMail(domain)) continue;
    throw new Problem('invalid-request', {
      detail: `${domain} gives e-mail addresses to everybody, so it is no customer’s own`,
      remedy: 'name only domains that belong to the customer',
      errors: [{ field: field === 'domain' ? field : `${field}.${index}`, detail: 'is a free-mail domain' }],
    });
  }
}

/** Notes the domains that settings name. Throws `conflict` where one is another customer's. */
export async function nameDomains(
  world: World,
  tx: Transaction,
  cause: Cause,
  organizationId: string,
  domains: readonly string[],
): Promise<void> {
  for (const domain of domains) {
    const owner = only(await tx.run(findDomainOwner, { domain }));
    if (owner !== undefined && owner.organization_id !== organizationId) throw isOfAnother(domain);
    const token = randomBytes(24).toString('base64url');
    const added = await tx.run(insertDomain, { organizationId, domain, token, at: world.now() });
    if (added.length > 0) await recordOf(world, tx, cause, organizationId, domain, 'domain.created');
  }
}

/** Makes a domain the organization's. Throws `conflict` where it is another's. */
export async function claimDomain(tx: Transaction, organizationId: string, domain: string): Promise<void> {
  if ((await tx.run(insertDomainOwner, { organizationId, domain })).length > 0) return;
  const owner = only(await tx.run(findDomainOwner, { domain }));
  if (owner?.organization_id !== organizationId) throw isOfAnother(domain);
}

const isOfAnother = (domain: string): Problem =>
  new Problem('conflict', {
    detail: `${domain} belongs to another customer of this deployment, by proof or because its operator says so`,
    remedy: 'see that the name is right; otherwise the operator of the deployment can look whose it is',
    errors: [{ field: 'domains', detail: `${domain} belongs to another customer` }],
  });

/** An operator takes a domain on trust, or no longer does: people of it are sent to its connection without a proof. */
export function trustDomain(
  world: World,
  cause: Cause,
  organizationId: string,
  domain: string,
  trusted: boolean,
): Promise<Domain> {
  return world.store.write(async (tx) => {
    const before = only(await tx.run(findDomain, { organizationId, domain }));
    if (before === undefined) throw notFound('domain', domain);
    if (trusted) await claimDomain(tx, organizationId, domain);
    else if (!isProven(before)) await tx.run(removeDomainOwner, { organizationId, domain });
    const row = only(await tx.run(updateDomainTrusted, { organizationId, domain, trusted: trusted ? 1 : 0 }));
    if (row === undefined) throw notFound('domain', domain);
    if (before.trusted !== row.trusted)
      await recordOf(world, tx, cause, organizationId, domain, trusted ? 'domain.trusted' : 'domain.distrusted');
    return toDomain(row);
  });
}

/** Forgets a domain that no live connection names; another customer can prove it from then on. */
export function deleteDomain(world: World, cause: Cause, organizationId: string, domain: string): Promise<void> {
  return world.store.write(async (tx) => {
    const used = only(await tx.run(findDomainScope, { organizationId, domain }));
    if (used !== undefined)
      throw new Problem('wrong-state', {
        detail: `the connection ${used.connection_id} names the domain`,
        remedy: 'take it off the connection first',
      });
    if ((await tx.run(removeDomain, { organizationId, domain })).length === 0) throw notFound('domain', domain);
    await tx.run(removeDomainOwner, { organizationId, domain });
    await recordOf(world, tx, cause, organizationId, domain, 'domain.deleted');
  });
}

/** What an event tells of a domain. */
export const recordOf = (
  world: World,
  tx: Transaction,
  cause: Cause,
  organizationId: string,
  domain: string,
  type: `domain.${'created' | 'verified' | 'failing' | 'lost' | 'trusted' | 'distrusted' | 'deleted'}`,
  data: Record<string, unknown> = {},
): Promise<string> =>
  record(world, tx, cause, { organizationId, type, subject: { type: 'domain', id: domain, name: domain }, data });
