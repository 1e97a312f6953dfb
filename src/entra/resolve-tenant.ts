import { type Cloud, clouds } from './clouds.ts';
import { askEntra, EntraError, readEntraError } from './entra-error.ts';
import { isGuid } from './guid.ts';

/** One authority as its discovery document describes it. */
export interface Tenant {
  /** The tenant's GUID; undefined for `common` and `organizations`, which stand for no single one. */
  readonly tenantId: string | undefined;
  /** The exact issuer; for `common` and `organizations` a template with the literal `{tenantid}`. */
  readonly issuer: string;
  readonly metadataUrl: string;
  readonly providerUrl: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly jwksUri: string;
  readonly endSessionEndpoint: string;
  readonly userinfoEndpoint: string;
  /** The Graph origin this tenant uses; in the US Government cloud it tells DoD from GCC High. */
  readonly graphOrigin: string;
  readonly region: TenantRegion;
}

/** What discovery says about where the tenant lives. */
export interface TenantRegion {
  /** E.g. `EU`, `NA`, `USGov`. */
  readonly scope: string | undefined;
  /** E.g. `GCC`, `DODCON`, `DOD`. */
  readonly subScope: string | undefined;
  /** E.g. `microsoftonline.com`. */
  readonly cloudInstance: string | undefined;
  /** A sentence where the region needs one. */
  readonly remark: string | undefined;
}

/** Why discovery failed; `message` says what to do. */
export class DiscoveryError extends Error {
  override readonly name = 'DiscoveryError';
  readonly code: 'unknownTenant' | 'unreachable' | 'notJson' | 'wrongCloud' | 'refused' | 'badDocument';
  /** Entra's own refusal, where there was one. */
  readonly refusal: EntraError | undefined;
  /** For `wrongCloud`: the cloud the tenant is in, where its answer tells. */
  readonly cloud: Cloud['name'] | undefined;

  constructor(
    code: DiscoveryError['code'],
    message: string,
    more: { readonly refusal?: EntraError; readonly cloud?: Cloud['name'] | undefined } = {},
  ) {
    super(message, more.refusal && { cause: more.refusal });
    this.code = code;
    this.refusal = more.refusal;
    this.cloud = more.cloud;
  }
}

/** Reads a tenant's discovery document (entra-docs v2-protocols-oidc.md). Throws {@link DiscoveryError}. */
export async function resolveTenant(
  { cloud, tenant }: { readonly cloud: Cloud; readonly tenant: string },
  fetch: typeof globalThis.fetch,
): Promise<Tenant> {
  const metadataUrl = metadataUrlOf(cloud, tenant);
  const answer = await askEntra(fetch, metadataUrl, { headers: { accept: 'application/json' } }).catch(
    (error: unknown) => {
      if (!(error instanceof EntraError)) throw error;
      throw new DiscoveryError('unreachable', error.message, { refusal: error });
    },
  );
  if (answer.status !== 200) throw refusalOf(readEntraError(answer), cloud, tenant);
  if (typeof answer.json !== 'object' || answer.json === null || Array.isArray(answer.json)) {
    throw new DiscoveryError('notJson', `${metadataUrl} answered 200, but not with JSON; a proxy may have answered`);
  }
  return readMetadata(new Map(Object.entries(answer.json)), cloud, tenant);
}

/** Address of the v2 metadata document of a tenant id, domain or shared authority. */
export function metadataUrlOf(cloud: Cloud, tenant: string): string {
  return `${cloud.loginOrigin}/${encodeURIComponent(tenant)}/v2.0/.well-known/openid-configuration`;
}

function readMetadata(members: ReadonlyMap<string, unknown>, cloud: Cloud, tenant: string): Tenant {
  const cloudInstance = optional(members, 'cloud_instance_name');
  assertCloud(members, cloud, tenant, cloudInstance);
  const issuer = endpoint(members, 'issuer');
  const tenantId = tenantIdOf(issuer, cloud);
  if (isGuid(tenant) && tenantId !== tenant.toLowerCase()) {
    throw new DiscoveryError('badDocument', `discovery of tenant ${tenant} names the issuer ${issuer}`);
  }
  const graphHost = optional(members, 'msgraph_host');
  const subScope = optional(members, 'tenant_region_sub_scope');
  const name = tenantId ?? tenant;
  return {
    tenantId,
    issuer,
    metadataUrl: metadataUrlOf(cloud, name),
    providerUrl: `${cloud.loginOrigin}/${name}/v2.0`,
    authorizationEndpoint: endpoint(members, 'authorization_endpoint', cloud.loginOrigins),
    tokenEndpoint: endpoint(members, 'token_endpoint', cloud.loginOrigins),
    jwksUri: endpoint(members, 'jwks_uri', cloud.loginOrigins),
    endSessionEndpoint: endpoint(members, 'end_session_endpoint', cloud.loginOrigins),
    userinfoEndpoint: endpoint(members, 'userinfo_endpoint', [...cloud.graphOrigins, ...cloud.loginOrigins]),
    graphOrigin: cloud.graphOrigins.find((origin) => new URL(origin).host === graphHost) ?? cloud.graphOrigin,
    region: { scope: optional(members, 'tenant_region_scope'), subScope, cloudInstance, remark: remarkOn(subScope) },
  };
}

function assertCloud(
  members: ReadonlyMap<string, unknown>,
  cloud: Cloud,
  tenant: string,
  instance: string | undefined,
): void {
  const origin = URL.parse(optional(members, 'token_endpoint') ?? '')?.origin;
  const other = Object.values(clouds).find(
    (candidate) =>
      candidate.name !== cloud.name &&
      (candidate.loginOrigins.some((known) => known === origin) ||
        (cloud.name !== 'simulated' && instance !== undefined && candidate.loginOrigin.endsWith(`.${instance}`))),
  );
  if (!other) return;
  throw new DiscoveryError(
    'wrongCloud',
    `tenant ${tenant} answers in the cloud "${other.title}", this connection is set to "${cloud.title}"; set the cloud to ${other.name} and register the app at ${other.portalOrigin}`,
    { cloud: other.name },
  );
}

function tenantIdOf(issuer: string, cloud: Cloud): string | undefined {
  const [before = '', after = ''] = cloud.issuerTemplate.split('{tenantid}');
  const middle = issuer.slice(before.length, issuer.length - after.length);
  const fits = issuer.startsWith(before) && issuer.endsWith(after);
  if (fits && middle === '{tenantid}') return undefined;
  if (fits && isGuid(middle)) return middle.toLowerCase();
  throw new DiscoveryError('badDocument', `discovery names the issuer ${issuer}; expected ${cloud.issuerTemplate}`);
}

function endpoint(members: ReadonlyMap<string, unknown>, name: string, origins?: readonly string[]): string {
  const value = optional(members, name);
  const origin = value === undefined ? undefined : URL.parse(value)?.origin;
  if (value === undefined || origin === undefined) {
    throw new DiscoveryError('badDocument', `discovery has no usable ${name}; is this the metadata document of Entra?`);
  }
  if (origins && !origins.includes(origin)) {
    throw new DiscoveryError('badDocument', `discovery names ${name} at ${origin}, which is no host of this cloud`);
  }
  return value;
}

function optional(members: ReadonlyMap<string, unknown>, name: string): string | undefined {
  const value = members.get(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function refusalOf(refusal: EntraError, cloud: Cloud, tenant: string): DiscoveryError {
  if (refusal.codes.includes(90002) || refusal.codes.includes(900023)) {
    return new DiscoveryError(
      'unknownTenant',
      `the cloud "${cloud.title}" knows no tenant ${tenant} (AADSTS${refusal.codes[0]}); check the tenant id or domain for a slip, or choose another cloud`,
      { refusal },
    );
  }
  if (refusal.error === 'unreadable') return new DiscoveryError('notJson', refusal.description, { refusal });
  return new DiscoveryError('refused', `discovery of tenant ${tenant} was refused: ${refusal.message}`, { refusal });
}

function remarkOn(subScope: string | undefined): string | undefined {
  if (subScope === 'GCC') return 'This tenant is in GCC (moderate), which uses the global cloud: nothing to change.';
  return undefined;
}
