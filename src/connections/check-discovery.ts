import type { Check, ConnectionSettings } from '#contract';
import { type Cloud, DiscoveryError, isGuid, resolveTenant, type Tenant, tenantOverviewLink } from '#entra';
import type { LiveConnection } from './connection.ts';
import type { EntraWorld } from './entra-world.ts';
import { authorityOf } from './settings.ts';
import { cloudOf } from './starting-point.ts';

const discovery = {
  name: 'entra.discovery',
  title: 'Discovery',
  matters: 'The metadata document names the addresses and keys that sign-in, tokens and mail depend on.',
};
const inCloud = {
  name: 'entra.cloud',
  title: 'Cloud',
  matters: 'Tokens and app registrations do not cross clouds; each cloud needs its own registration.',
};
const issued = {
  name: 'entra.issuer',
  title: 'Issuer',
  matters: 'An id token is taken only from exactly this issuer; with another one every sign-in would be refused.',
};
const listed = {
  name: 'entra.tenants',
  title: 'Selected tenants',
  matters: 'People sign in only from the tenants on the list, each known by its tenant id.',
};

/** Reads discovery afresh, past any cache: does the tenant answer, in this cloud, with this issuer? */
export async function checkDiscovery(world: EntraWorld, { settings }: LiveConnection): Promise<readonly Check[]> {
  if (settings.provider !== 'entra') return [];
  const cloud = cloudOf(world, settings.cloud);
  const link = tenantOverviewLink(cloud) ?? null;
  const [found, selected] = await Promise.all([
    resolve(world, cloud, authorityOf(settings)),
    settings.accountType === 'selectedTenants' ? checkListed(world, cloud, settings.tenantIds, link) : [],
  ]);
  if (found instanceof DiscoveryError) return [...notFound(found, link), ...selected];
  const who = found.tenantId === undefined ? `The authority "${authorityOf(settings)}"` : `Tenant ${found.tenantId}`;
  const region = found.region.scope === undefined ? '' : `, region ${found.region.scope}`;
  return [
    {
      ...discovery,
      outcome: 'passed',
      saw: `${who} answers at ${found.metadataUrl}${region}.`,
      next: found.region.remark ?? null,
      link: null,
    },
    { ...inCloud, outcome: 'passed', saw: `It is in the cloud "${cloud.title}".`, next: null, link: null },
    sameIssuer(found, settings, link),
    ...selected,
  ];
}

function notFound(error: DiscoveryError, link: string | null): Check[] {
  const later = { outcome: 'waiting', saw: 'Not seen: discovery has to pass first.', next: null, link: null } as const;
  if (error.code === 'wrongCloud') {
    const next =
      error.cloud === undefined ? 'Choose another cloud.' : `Set the cloud of this connection to ${error.cloud}.`;
    return [
      { ...discovery, outcome: 'passed', saw: 'The metadata document was read.', next: null, link: null },
      { ...inCloud, outcome: 'failed', saw: `${error.message}.`, next, link: null },
      { ...issued, ...later, saw: 'Not seen: the cloud has to be right first.' },
    ];
  }
  const unreachable = error.code === 'unreachable' || error.code === 'notJson';
  const next = unreachable
    ? 'Check DNS, firewall and proxy of this machine; nothing is to change at Microsoft Entra.'
    : 'Compare the tenant with Tenant ID on the Overview page, and the cloud.';
  return [
    { ...discovery, outcome: 'failed', saw: `${error.message}.`, next, link: unreachable ? null : link },
    { ...inCloud, ...later },
    { ...issued, ...later },
  ];
}

function sameIssuer(found: Tenant, settings: ConnectionSettings, link: string | null): Check {
  if (found.issuer === settings.issuer)
    return { ...issued, outcome: 'passed', saw: `Both sides say ${found.issuer}.`, next: null, link: null };
  return {
    ...issued,
    outcome: 'failed',
    saw: `Discovery says ${found.issuer}, this connection expects ${settings.issuer || 'nothing yet'}.`,
    next: 'Start the connection from its tenant id again; the issuer is derived anew.',
    link,
  };
}

async function checkListed(
  world: EntraWorld,
  cloud: Cloud,
  tenantIds: readonly string[],
  link: string | null,
): Promise<readonly Check[]> {
  const faults = await Promise.all(
    tenantIds.map(async (tenant) => {
      const found = await resolve(world, cloud, tenant);
      if (found instanceof DiscoveryError) return found.message;
      return isGuid(tenant) ? [] : `${tenant} is a domain; its tenant id is ${found.tenantId}`;
    }),
  );
  const said = faults.flat();
  if (said.length === 0)
    return [{ ...listed, outcome: 'passed', saw: `All ${tenantIds.length} answer.`, next: null, link: null }];
  return [{ ...listed, outcome: 'failed', saw: `${said.join('; ')}.`, next: 'Correct the list of tenants.', link }];
}

async function resolve(world: EntraWorld, cloud: Cloud, tenant: string): Promise<Tenant | DiscoveryError> {
  try {
    return await resolveTenant({ cloud, tenant }, world.fetch);
  } catch (error) {
    if (error instanceof DiscoveryError) return error;
    throw error;
  }
}
