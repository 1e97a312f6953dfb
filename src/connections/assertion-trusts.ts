import type { AssertionTrust, ConnectionSettings, Page } from '#contract';
import { checkTenant, isGuid, plainAudience } from '#entra';
import { type Cause, record } from '#events';
import { notFound, Problem } from '#http';
import { newId, only, type PageQuery, toPage, type World } from '#store';
import { readSettings } from './connection.ts';
import { removeAccessTokensOf } from './queries/access-token.ts';
import { insertAssertionTrust, listAssertionTrusts, removeAssertionTrust } from './queries/assertion.ts';
import { findConnection } from './queries/connection.ts';
import { listedTenants } from './settings.ts';
import { cloudOf, pasteProblem } from './starting-point.ts';

/** As many as an application in Entra may have federated credentials. */
export const mostTrusts = 20;

interface Row {
  id: string;
  name: string;
  tenant_id: string;
  subject: string;
  audience: string;
  created_at: number;
  last_used_at: number | null;
}

/** The issuer of assertions of a tenant: that of its v2 endpoint, in the cloud of the connection. */
export const assertionIssuer = (world: World, settings: ConnectionSettings, tenantId: string): string =>
  cloudOf(world, settings.cloud).issuerTemplate.replace('{tenantid}', tenantId);

const toTrust =
  (world: World, settings: ConnectionSettings) =>
  (row: Row): AssertionTrust => ({
    id: row.id,
    name: row.name,
    tenantId: row.tenant_id,
    issuer: assertionIssuer(world, settings, row.tenant_id),
    subject: row.subject,
    audience: row.audience,
    createdAt: new Date(row.created_at).toISOString(),
    lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at).toISOString(),
  });

/** The settings by which a directory's assertions are held: the live ones, else those of the draft. Throws `not-found`. */
export async function settingsForTrust(
  world: World,
  organizationId: string,
  directoryId: string,
): Promise<ConnectionSettings> {
  const row = only(await world.store.read(findConnection, { organizationId, id: directoryId }));
  const settings = readSettings(row?.live ?? row?.draft ?? null);
  if (settings === null) throw notFound('directory', directoryId);
  return settings;
}

/** A page of the assertions that a directory trusts. */
export async function pageOfAssertionTrusts(
  world: World,
  organizationId: string,
  directoryId: string,
  query: PageQuery,
): Promise<Page<AssertionTrust>> {
  const settings = await settingsForTrust(world, organizationId, directoryId);
  const rows = await world.store.read(listAssertionTrusts, {
    organizationId,
    directoryId,
    after: query.cursor ?? '',
    limit: query.limit + 1,
  });
  return toPage(rows, query.limit, toTrust(world, settings), (row) => row.id);
}

/**
 * Trusts assertions that Entra signs for one workload identity: issuer, subject and audience as the portal shows them.
 * Throws `invalid-request` where the tenant is none of the connection's, or is not known.
 */
export async function trustAssertions(
  world: World,
  cause: Cause,
  organizationId: string,
  directoryId: string,
  input: { name: string; tenantId?: string | undefined; subject: string; audience?: string | undefined },
): Promise<AssertionTrust> {
  const settings = await settingsForTrust(world, organizationId, directoryId);
  const tenantId = tenantOf(settings, input.tenantId);
  const { clientId } = settings;
  if (input.audience === undefined && clientId === null)
    throw fieldProblem(
      'audience',
      'is needed: copy it from the page Connectivity in Entra, such as api://<application id>',
    );
  const audience = plainAudience(input.audience ?? `api://${clientId}`);
  const at = world.now();
  return world.store.write(async (tx) => {
    const rows = await tx.run(listAssertionTrusts, { organizationId, directoryId, after: '', limit: mostTrusts });
    if (rows.length >= mostTrusts)
      throw new Problem('conflict', { detail: `${mostTrusts} are trusted already`, remedy: 'remove one first' });
    if (rows.some((it) => it.tenant_id === tenantId && it.subject === input.subject && it.audience === audience))
      throw new Problem('conflict', {
        detail: 'these assertions are trusted already',
        remedy: 'nothing has to be done',
      });
    const values = {
      organizationId,
      directoryId,
      id: newId(at),
      name: input.name,
      tenantId,
      subject: input.subject,
      audience,
      at,
    };
    const row = only(await tx.run(insertAssertionTrust, values));
    if (row === undefined) throw new Error('the trust was not inserted');
    const trust = toTrust(world, settings)(row);
    await record(world, tx, cause, {
      organizationId,
      type: 'assertion_trust.created',
      subject: { type: 'assertion_trust', id: row.id, name: row.name },
      data: { directory: directoryId, issuer: trust.issuer, subject: trust.subject, audience },
    });
    return trust;
  });
}

const fieldProblem = (field: string, detail: string): Problem =>
  new Problem('invalid-request', { detail: `${field} ${detail}`, errors: [{ field, detail }] });

/** The tenant whose assertions are trusted: one of the connection's, by its id, for that is what stands in `iss`. */
function tenantOf(settings: ConnectionSettings, given: string | undefined): string {
  const listed = listedTenants(settings);
  const [first, another] = listed;
  if (given === undefined && (first === undefined || another !== undefined))
    throw fieldProblem('tenantId', 'is needed: this connection is not of one tenant');
  const checked = checkTenant(given ?? first ?? '');
  if (!checked.ok) throw pasteProblem('tenantId', checked.fault);
  const tenantId = checked.value.toLowerCase();
  if (!isGuid(tenantId)) throw fieldProblem('tenantId', 'must be the Directory (tenant) ID, not a domain');
  if (listed.length > 0 && !listed.includes(tenantId))
    throw fieldProblem('tenantId', `is none of this connection's: it takes ${listed.join(', ')}`);
  return tenantId;
}

/** Trusts these assertions no more, and ends the access tokens that were got with them. */
export function distrustAssertions(
  world: World,
  cause: Cause,
  organizationId: string,
  directoryId: string,
  id: string,
): Promise<void> {
  return world.store.write(async (tx) => {
    const removed = only(await tx.run(removeAssertionTrust, { organizationId, directoryId, id }));
    if (removed === undefined) throw notFound('trusted assertion', id);
    await tx.run(removeAccessTokensOf, { organizationId, directoryId, sourceId: id });
    await record(world, tx, cause, {
      organizationId,
      type: 'assertion_trust.removed',
      subject: { type: 'assertion_trust', id, name: removed.name },
      data: { directory: directoryId },
    });
  });
}
