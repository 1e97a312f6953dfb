import { consumersTenantId } from '../directory/personal-accounts.ts';
import { findTenant, type Tenant } from '../directory/tenant.ts';
import { textOf } from '../faults/faults.ts';
import { type CloudName, cloudOfHost, clouds, loginOrigins } from '../hosts/clouds.ts';
import type { Exchange } from '../http/exchange.ts';
import type { World } from '../world.ts';
import { AadstsError } from './aadsts.ts';

/** Which tenants an endpoint serves: one, any work account's (`organizations`), or any account's (`common`, `consumers`). */
export type Authority = {
  readonly path: string;
  readonly tenant: Tenant | undefined;
  /** The cloud that was asked; undefined for a shared endpoint at the simulator's own address. */
  readonly cloud: CloudName | undefined;
};

const shared: readonly string[] = ['common', 'organizations', 'consumers'];
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const domain = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i;

/**
 * Reads the first path piece. Throws AADSTS900023 for what is no tenant name, 90002 for an unknown tenant, and for one of
 * another cloud than the host's what `refuseOtherCloud` says.
 */
export function readAuthority(world: World, key: string, exchange: Exchange): Authority {
  const authority = readAuthorityOfAnyCloud(world, key, exchange);
  const asked = cloudOfHost(exchange.url.hostname);
  if (authority.tenant !== undefined && asked !== undefined && asked !== authority.tenant.cloud)
    refuseOtherCloud(authority.tenant, key, exchange);
  return authority;
}

/** Discovery shows a US Government tenant at the global host too, with the addresses of its own cloud; China is apart. */
export function readAuthorityOfAnyCloud(world: World, key: string, exchange: Exchange): Authority {
  const path = key.toLowerCase();
  const asked = cloudOfHost(exchange.url.hostname);
  if (path === consumersTenantId) return { path: 'consumers', tenant: undefined, cloud: asked };
  if (shared.includes(path)) return { path, tenant: undefined, cloud: asked };
  if (!uuid.test(path) && !domain.test(path)) {
    throw new AadstsError(900023, `Specified tenant identifier '${key}' is neither a tenant id nor a domain name`);
  }
  const tenant = findTenant(world.tenants, path);
  const isApart = asked !== undefined && (asked === 'china') !== (tenant?.cloud === 'china');
  const isGone = world.faults.strike(
    'tenant-unknown',
    (fault) => (textOf(fault, 'tenant') ?? path).toLowerCase() === path,
  );
  if (tenant === undefined || isApart || isGone !== undefined) {
    throw new AadstsError(90002, `Tenant '${key}' is not known here; check the tenant id or domain, and the cloud`);
  }
  if (tenant.id === consumersTenantId) return { path: 'consumers', tenant: undefined, cloud: asked };
  return { path: tenant.id, tenant, cloud: tenant.cloud };
}

/** AADSTS90038 sends people to the other cloud; at the token endpoint a client is refused by 900382. */
function refuseOtherCloud(tenant: Tenant, key: string, exchange: Exchange): never {
  if (exchange.segments.at(-1)?.toLowerCase() === 'token') {
    throw new AadstsError(900382, 'Confidential Client is not supported in Cross Cloud request');
  }
  const { instanceName, loginHost } = clouds[tenant.cloud];
  throw new AadstsError(
    90038,
    `Tenant '${key}' request is being redirected to the National Cloud '${instanceName}'; ask https://${loginHost} instead`,
  );
}

/** The v2 issuer of a tenant, for who asked at `origin`. */
export function issuerOf(origin: string, tenant: Pick<Tenant, 'id' | 'cloud'>): string {
  return `${loginOrigins(tenant.cloud, origin).issuer}/${tenant.id}/v2.0`;
}

/** The v1 issuer of a tenant. */
export function stsIssuerOf(tenant: Pick<Tenant, 'id' | 'cloud'>): string {
  return `${clouds[tenant.cloud].stsOrigin}/${tenant.id}/`;
}
