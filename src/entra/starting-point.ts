import type { Checked, InputShape } from './check-input.ts';
import { looksLikeDomain, looksLikeEmail, looksLikeUrl, soleGuid } from './check-input.ts';
import { cleanPaste } from './clean-paste.ts';
import { type Cloud, type CloudName, clouds } from './clouds.ts';
import { isGuid } from './guid.ts';

/** The authorities that stand for no single tenant (entra-docs v2-protocols-oidc.md). */
export const sharedAuthorities = ['common', 'organizations', 'consumers'] as const;

/** What somebody started from, read; {@link resolveTenant} derives the rest. */
export interface StartingPoint {
  readonly kind: 'tenantId' | 'domain' | 'authority' | 'providerUrl' | 'metadataUrl';
  /** Azure AD B2C and External ID are recognised by their hosts; both differ from Entra ID in what `remarks` say. */
  readonly product: 'entra' | 'b2c' | 'externalId';
  /** The cloud that the text names by its host or suffix; undefined where it names none and must be chosen. */
  readonly cloud: CloudName | undefined;
  /** Tenant id, domain, or `common`, `organizations`, `consumers`; in lower case. */
  readonly tenant: string;
  /** The metadata document's address, where the text was an address. */
  readonly metadataUrl: string | undefined;
  /** Sentences for the person who pasted it. */
  readonly remarks: readonly string[];
}

const governmentRemark =
  'US Government: GCC (moderate) uses the global cloud; only GCC High and DoD are in the US Government cloud.';
const v1Remark = 'This is an address of version 1; Portico uses version 2 of the same tenant.';
const b2cRemark =
  'This is Azure AD B2C: its authority holds a user flow (policy), its issuer lies on b2clogin.com, its tokens need no tid and oid, and it provisions nobody by SCIM. Connect it as an OpenID provider, keyed by issuer and subject.';
const externalIdRemark =
  "This is Entra External ID (customer accounts): its issuer lies on ciamlogin.com with the tenant's own host, people sign themselves up, and it provisions nobody by SCIM. Connect it as an OpenID provider, keyed by issuer and subject.";

/**
 * Reads any one of tenant id, verified domain, provider URL (v1 or v2), metadata document URL or another endpoint of the
 * tenant. `simulated` is the simulated cloud, where there is one.
 */
export function readStartingPoint(text: string, simulated?: Cloud): Checked<StartingPoint> {
  const value = cleanPaste(text);
  if (value === '') return fault('nothing', 'there is nothing here');
  if (looksLikeEmail(value)) {
    return fault('e-mail address', `this is an e-mail address; its domain ${value.split('@')[1]} may do`);
  }
  if (looksLikeUrl(value) || /^localhost[:/]/.test(value)) return readUrl(value, simulated);
  const guid = soleGuid(value);
  if (guid !== undefined) return found({ kind: 'tenantId', tenant: guid });
  const tenant = value.toLowerCase();
  if (sharedAuthorities.some((name) => name === tenant)) return found({ kind: 'authority', tenant });
  if (looksLikeDomain(tenant)) return found({ kind: 'domain', tenant, ...cloudOfDomain(tenant) });
  return fault('unknown', 'this is neither a GUID, nor a domain, nor an address');
}

function readUrl(value: string, simulated: Cloud | undefined): Checked<StartingPoint> {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `https://${value}`);
  if (!url || !/^https?:$/.test(url.protocol)) return fault('url', 'this address cannot be read');
  const host = url.hostname;
  if (/^(portal\.azure|(aad\.)?portal\.azure|entra\.microsoft|entra\.microsoftonline)\.(com|us|cn)$/.test(host)) {
    return fault('portal page', 'this is the address of a portal page');
  }
  const kind = url.pathname.includes('/.well-known/openid-configuration') ? 'metadataUrl' : 'providerUrl';
  if (host.endsWith('.b2clogin.com')) return readOther(url, kind, 'b2c', b2cRemark);
  if (host.endsWith('.ciamlogin.com')) return readOther(url, kind, 'externalId', externalIdRemark);
  const cloud = [...Object.values(clouds), ...(simulated ? [simulated] : [])].find(({ loginOrigins }) =>
    loginOrigins.includes(url.origin),
  );
  if (!cloud) return fault('unknown host', `${url.host} is not a login host of any Microsoft cloud`);
  const tenant = firstSegment(url);
  if (tenant === undefined) return fault('url', 'this address names no tenant');
  if (tenant.includes('{')) return fault('template', `${tenant} stands for the tenant, it is not one`);
  if (!isTenantName(tenant)) return fault('url', `"${tenant}" in this address is neither a tenant id nor a domain`);
  const isV1 = host === 'sts.windows.net' || !url.pathname.includes('/v2.0');
  const remarks =
    isV1 && url.pathname.split('/').filter(Boolean).length > 0 && cloud.name !== 'simulated' ? [v1Remark] : [];
  return found({
    kind,
    tenant,
    cloud: cloud.name,
    metadataUrl: `${cloud.loginOrigin}/${tenant}/v2.0/.well-known/openid-configuration`,
    remarks: cloud.name === 'usgov' ? [...remarks, governmentRemark] : remarks,
  });
}

function readOther(
  url: URL,
  kind: 'providerUrl' | 'metadataUrl',
  product: 'b2c' | 'externalId',
  remark: string,
): Checked<StartingPoint> {
  const tenant = firstSegment(url) ?? `${url.hostname.split('.')[0]}.onmicrosoft.com`;
  const base = url.pathname
    .replace(/\/\.well-known\/.*$/, '')
    .replace(/\/(oauth2\/)?v2\.0\b.*$/, '')
    .replace(/\/$/, '');
  const path = base === '' ? `/${tenant}` : base;
  const metadataUrl =
    kind === 'metadataUrl' ? url.href : `${url.origin}${path}/v2.0/.well-known/openid-configuration${url.search}`;
  return found({ kind, product, tenant, cloud: 'global', metadataUrl, remarks: [remark] });
}

function firstSegment(url: URL): string | undefined {
  const segment = url.pathname.split('/').find((part) => part !== '');
  if (segment === undefined || segment.startsWith('.')) return undefined;
  try {
    return decodeURIComponent(segment).toLowerCase();
  } catch {
    return segment.toLowerCase();
  }
}

function isTenantName(text: string): boolean {
  return isGuid(text) || looksLikeDomain(text) || sharedAuthorities.some((name) => name === text);
}

function cloudOfDomain(domain: string): { cloud?: CloudName; remarks?: readonly string[] } {
  if (domain.endsWith('.onmicrosoft.com')) return { cloud: 'global' };
  if (domain.endsWith('.onmicrosoft.us')) return { cloud: 'usgov', remarks: [governmentRemark] };
  if (domain.endsWith('.onmschina.cn')) return { cloud: 'china' };
  return /\.(gov|mil)$/.test(domain) ? { remarks: [governmentRemark] } : {};
}

function found(point: Pick<StartingPoint, 'kind' | 'tenant'> & Partial<StartingPoint>): Checked<StartingPoint> {
  const rest = { product: 'entra', cloud: undefined, metadataUrl: undefined, remarks: [] } as const;
  return { ok: true, value: { ...rest, ...point } };
}

function fault(looksLike: InputShape, said: string): Checked<StartingPoint> {
  const wanted = 'give the tenant id, a domain of the tenant, or the address of its OpenID Connect metadata document';
  return { ok: false, fault: { field: 'startingPoint', looksLike, message: `${said}; ${wanted}` } };
}
