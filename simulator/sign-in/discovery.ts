import { findTenant, type Tenant } from '../directory/tenant.ts';
import { type Answer, type Exchange, json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { toJwks } from '../keys/signing-keys.ts';
import type { World } from '../world.ts';
import { AadstsError } from './aadsts.ts';

/** Which tenants an endpoint serves: one, any work account's (`organizations`), or any account's (`common`, `consumers`). */
export type Authority = { readonly path: string; readonly tenant: Tenant | undefined };

/** The tenant of personal Microsoft accounts. */
const consumersTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad';

const shared: readonly string[] = ['common', 'organizations', 'consumers'];
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const domain = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i;

/** Reads the first path piece. Throws AADSTS900023 for what is no tenant name, AADSTS90002 for an unknown tenant. */
export function readAuthority(world: World, key: string): Authority {
  const path = key.toLowerCase();
  if (shared.includes(path)) return { path, tenant: undefined };
  if (path === consumersTenantId) return { path: 'consumers', tenant: undefined };
  if (!uuid.test(path) && !domain.test(path)) {
    throw new AadstsError(900023, `Specified tenant identifier '${key}' is neither a tenant id nor a domain name`);
  }
  const tenant = findTenant(world.tenants, path);
  if (tenant === undefined) {
    throw new AadstsError(90002, `Tenant '${key}' is not known here; check the tenant id or domain, and the cloud`);
  }
  return { path: tenant.id, tenant };
}

/** The v2 issuer of a tenant; on the shared endpoints a template with literal braces. */
export function issuerOf(origin: string, tenantId: string): string {
  return `${origin}/${tenantId}/v2.0`;
}

/** Discovery, keys and instance discovery (OpenID Connect on the Microsoft identity platform; facts as captured from Microsoft). */
export function discoveryRoutes(world: World): Routes {
  return {
    'GET /common/discovery/instance': (exchange) => instanceDiscovery(exchange),
    'GET /common/userrealm/:login': (_exchange, login) => userRealm(world, login),
    'GET /:tenant/v2.0/.well-known/openid-configuration': (exchange, key) => {
      const authority = readAuthority(world, key);
      return crossOrigin(configuration(exchange, authority, issuerPath(exchange, authority), '/v2.0'));
    },
    'GET /:tenant/.well-known/openid-configuration': (exchange, key) => {
      const authority = readAuthority(world, key);
      const issuer = `https://sts.windows.net/${authority.tenant?.id ?? '{tenantid}'}/`;
      return crossOrigin(configuration(exchange, authority, issuer, ''));
    },
    'GET /:tenant/discovery/v2.0/keys': (exchange, key) => keys(world, exchange, key),
    'GET /:tenant/discovery/keys': (exchange, key) => keys(world, exchange, key),
  };
}

function issuerPath(exchange: Exchange, authority: Authority): string {
  if (authority.path === 'consumers') return issuerOf(exchange.origin, consumersTenantId);
  return issuerOf(exchange.origin, authority.tenant?.id ?? '{tenantid}');
}

function configuration(exchange: Exchange, { path }: Authority, issuer: string, version: string): Answer {
  const base = `${exchange.origin}/${path}`;
  return json(200, {
    token_endpoint: `${base}/oauth2${version}/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${base}/discovery${version}/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer,
    request_uri_parameter_supported: false,
    userinfo_endpoint: `${exchange.origin}/oidc/userinfo`,
    authorization_endpoint: `${base}/oauth2${version}/authorize`,
    device_authorization_endpoint: `${base}/oauth2${version}/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${base}/oauth2${version}/logout`,
    claims_supported: [
      'sub',
      'iss',
      'cloud_instance_name',
      'cloud_instance_host_name',
      'cloud_graph_host_name',
      'msgraph_host',
      'aud',
      'exp',
      'iat',
      'auth_time',
      'acr',
      'nonce',
      'preferred_username',
      'name',
      'tid',
      'ver',
      'at_hash',
      'c_hash',
      'email',
    ],
    tenant_region_scope: path === 'common' || path === 'organizations' ? null : 'EU',
    cloud_instance_name: 'microsoftonline.com',
    cloud_graph_host_name: 'graph.windows.net',
    msgraph_host: 'graph.microsoft.com',
    rbac_url: 'https://pas.windows.net',
  });
}

function keys(world: World, exchange: Exchange, key: string): Answer {
  const authority = readAuthority(world, key);
  return crossOrigin(json(200, toJwks(world.keys.published(), issuerPath(exchange, authority))));
}

/** Instance discovery of the Microsoft libraries: this host is the one network there is. */
function instanceDiscovery(exchange: Exchange): Answer {
  const endpoint = exchange.url.searchParams.get('authorization_endpoint');
  if (endpoint === null || !URL.canParse(endpoint)) {
    throw new AadstsError(50050, 'The instance discovery request lacks a readable authorization_endpoint');
  }
  const tenant = new URL(endpoint).pathname.split('/')[1] ?? 'common';
  const names = ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'];
  return json(200, {
    tenant_discovery_endpoint: `${exchange.origin}/${tenant}/v2.0/.well-known/openid-configuration`,
    'api-version': exchange.url.searchParams.get('api-version') ?? '1.1',
    metadata: [
      {
        preferred_network: exchange.url.host,
        preferred_cache: exchange.url.host,
        aliases: [exchange.url.host, ...names],
      },
    ],
  });
}

function userRealm(world: World, login: string): Answer {
  const name = login.slice(login.lastIndexOf('@') + 1);
  const tenant = findTenant(world.tenants, name);
  return json(200, {
    ver: '1.0',
    account_type: tenant === undefined ? 'Unknown' : 'Managed',
    domain_name: name,
    cloud_instance_name: 'microsoftonline.com',
  });
}

function crossOrigin(answer: Answer): Answer {
  return {
    ...answer,
    headers: { ...answer.headers, 'access-control-allow-origin': '*', 'cache-control': 'max-age=86400, private' },
  };
}
