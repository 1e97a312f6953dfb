import type { Domain } from '#contract';
import { byItself, type Cause } from '#events';
import { notFound, Problem } from '#http';
import { becomesDue, type DueOutcome, type DueWork, only } from '#store';
import { claimDomain, type DomainRow, recordOf, recordValueOf, toDomain } from './domains.ts';
import type { EntraWorld } from './entra-world.ts';
import { findDomain, removeDomainOwner, updateDomainState } from './queries/domain.ts';

const hour = 3_600_000;
const checkedEveryMs = 24 * hour;
const failingCheckedEveryMs = 6 * hour;
/** So long a domain whose record is gone is as good as proven, and its loss announced. */
const graceMs = 7 * 24 * hour;
const work = 'connections.checkDomain';

interface Seen {
  /** Undefined: nobody answered, which says nothing. */
  found: boolean | undefined;
  saw: string;
}

/** Looks for the record of a domain. */
async function lookUp({ resolveTxt }: EntraWorld, { domain, token }: DomainRow): Promise<Seen> {
  const name = `_portico.${domain}`;
  try {
    const texts = (await resolveTxt(name)).map((parts) => parts.join(''));
    if (texts.includes(recordValueOf(token))) return { found: true, saw: `${name} holds the token` };
    const others = texts
      .map((text) => JSON.stringify(text.slice(0, 80)))
      .slice(0, 5)
      .join(', ');
    return { found: false, saw: `${name} holds ${others || 'nothing'}, and not the token` };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    if (code === 'ENOTFOUND' || code === 'ENODATA') return { found: false, saw: `${name} has no TXT record` };
    return { found: undefined, saw: `the servers of ${domain} did not answer for ${name} (${code})` };
  }
}

/** S6: proves a domain by its TXT record. Throws `wrong-state` where it is not there, with what was seen. */
export async function verifyDomain(
  world: EntraWorld,
  cause: Cause,
  organizationId: string,
  domain: string,
): Promise<Domain> {
  const row = only(await world.store.read(findDomain, { organizationId, domain }));
  if (row === undefined) throw notFound('domain', domain);
  const seen = await lookUp(world, row);
  const after = await writeDown(world, cause, organizationId, row, seen);
  if (after !== undefined && seen.found === true) return toDomain(after);
  throw new Problem('wrong-state', {
    detail: seen.saw,
    remedy: `add the TXT record _portico.${domain} with the value ${recordValueOf(row.token)}, wait until it is published, and try again`,
  });
}

/** Looks again at a domain that was proven: a record that is gone is announced, and counts a week later. */
export async function checkDomainAgain(
  world: EntraWorld,
  { organizationId, subject: domain }: DueWork,
): Promise<DueOutcome> {
  const row = only(await world.store.read(findDomain, { organizationId, domain }));
  if (row === undefined || (row.state !== 'verified' && row.state !== 'failing')) return undefined;
  const seen = await lookUp(world, row);
  const after = seen.found === undefined ? row : await writeDown(world, byItself, organizationId, row, seen);
  if (after?.state === 'verified') return { again: seen.found === undefined ? hour : checkedEveryMs };
  return after?.state === 'failing' ? { again: failingCheckedEveryMs } : undefined;
}

/** The state after a check, and what is to be told of it. */
function judge(row: DomainRow, found: boolean, now: number): { state: Domain['state']; failingAt: number | null } {
  if (found) return { state: 'verified', failingAt: null };
  if (row.state === 'verified') return { state: 'failing', failingAt: now };
  if (row.state !== 'failing') return { state: row.state as Domain['state'], failingAt: row.failing_at };
  const since = row.failing_at ?? now;
  return { state: now - since >= graceMs ? 'lost' : 'failing', failingAt: since };
}

function writeDown(
  world: EntraWorld,
  cause: Cause,
  organizationId: string,
  row: DomainRow,
  { found, saw }: Seen,
): Promise<DomainRow | undefined> {
  return world.store.write(async (tx) => {
    const at = world.now();
    const { domain } = row;
    // It may have been deleted, or changed by another machine, while the servers were asked.
    const present = only(await tx.run(findDomain, { organizationId, domain }));
    if (present === undefined || present.token !== row.token) return undefined;
    const { state, failingAt } =
      found === undefined ? { state: present.state, failingAt: present.failing_at } : judge(present, found, at);
    if (state === 'verified') await claimDomain(tx, organizationId, domain);
    if (state === 'lost' && present.trusted === 0) await tx.run(removeDomainOwner, { organizationId, domain });
    const verifiedAt = state === 'verified' && present.state !== 'verified' ? at : present.verified_at;
    const after = only(
      await tx.run(updateDomainState, { organizationId, domain, state, verifiedAt, failingAt, saw, at }),
    );
    if (state !== present.state && (state === 'verified' || state === 'failing' || state === 'lost'))
      await recordOf(world, tx, cause, organizationId, domain, `domain.${state}`, { saw });
    if (state === 'verified' && present.state !== 'verified')
      await becomesDue(tx, { kind: work, organizationId, subject: domain, in: checkedEveryMs });
    return after;
  });
}
