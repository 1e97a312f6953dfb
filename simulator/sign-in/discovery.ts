import { consumersTenantId } from '../directory/personal-accounts.ts';
import { findTenant } from '../directory/tenant.ts';
import { type CloudName, cloudOfHost, clouds, loginOrigins } from '../hosts/clouds.ts';
import { type Answer, type Exchange, json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { toJwk } from '../keys/signing-keys.ts';
import type { World } from '../world.ts';
import { AadstsError } from './aadsts.ts';
import { type Authority, readAuthorityOfAnyCloud } from './authority.ts';

/** Discovery, keys and instance discovery (OpenID Connect on the Microsoft identity platform; facts as captured from Microsoft). */
export function discoveryRoutes(world: World): Routes {
  return {
    'GET /common/discovery/instance': (exchange) => instanceDiscovery(exchange),
    'GET /common/userrealm/:login': (_exchange, login) => userRealm(world, login),
    'GET /:tenant/v2.0/.well-known/openid-configuration': (exchange, key) => {
      const authority = readAuthorityOfAnyCloud(world, key, exchange);
      return crossOrigin(configuration(exchange, authority, issuerText(exchange, authority), '/v2.0'));
    },
    'GET /:tenant/.well-known/openid-configuration': (exchange, key) => {
      const authority = readAuthorityOfAnyCloud(world, key, exchange);
      const issuer = `${clouds[cloudOf(authority)].stsOrigin}/${authority.tenant?.id ?? '{tenantid}'}/`;
      return crossOrigin(configuration(exchange, authority, issuer, ''));
    },
    'GET /:tenant/discovery/v2.0/keys': (exchange, key) => keys(world, exchange, key),
    'GET /:tenant/discovery/keys': (exchange, key) => keys(world, exchange, key),
  };
}

const cloudOf = ({ cloud }: Authority): CloudName => cloud ?? 'global';

/** The issuer; on the shared endpoints a template with literal braces. */
function issuerText(exchange: Exchange, authority: Authority): string {
  const { issuer } = loginOrigins(cloudOf(authority), exchange.origin);
  const id = authority.path === 'consumers' ? consumersTenantId : (authority.tenant?.id ?? '{tenantid}');
  return `${issuer}/${id}/v2.0`;
}

/** `tenant_region_scope`: nothing for whoever it may be, the world for personal accounts. */
function regionScope({ path, tenant }: Authority): string | null {
  return path === 'consumers' ? 'WW' : (tenant?.regionScope ?? null);
}

function configuration(exchange: Exchange, authority: Authority, issuer: string, version: string): Answer {
  const cloud = clouds[cloudOf(authority)];
  const { endpoints } = loginOrigins(cloudOf(authority), exchange.origin);
  const base = `${endpoints}/${authority.path}`;
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
    userinfo_endpoint: userinfoEndpoint(exchange, authority),
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
    tenant_region_scope: regionScope(authority),
    cloud_instance_name: cloud.instanceName,
    cloud_graph_host_name: cloud.azureAdGraphHost,
    msgraph_host: cloud.graphHosts[0],
    rbac_url: cloud.rbacUrl,
  });
}

/** At Microsoft userinfo belongs to Graph; at the simulator's own address all is at one. */
function userinfoEndpoint(exchange: Exchange, authority: Authority): string {
  const isMicrosoft = cloudOfHost(exchange.url.hostname) !== undefined;
  const { graphHosts } = clouds[cloudOf(authority)];
  return `${isMicrosoft ? `https://${graphHosts[0]}` : exchange.origin}/oidc/userinfo`;
}

/** Keys of a tenant count for it, those of the shared endpoints for every tenant; that of personal accounts only for theirs. */
async function keys(world: World, exchange: Exchange, key: string): Promise<Answer> {
  const authority = readAuthorityOfAnyCloud(world, key, exchange);
  const cloud = cloudOf(authority);
  const { instanceName } = clouds[cloud];
  const ofTenants = world.keys.published().map((each) => toJwk(each, issuerText(exchange, authority), instanceName));
  if (cloud !== 'global' || !['common', 'consumers'].includes(authority.path))
    return crossOrigin(json(200, { keys: ofTenants }));
  const issuer = `${loginOrigins(cloud, exchange.origin).issuer}/${consumersTenantId}/v2.0`;
  const ofConsumers = toJwk(await world.keys.ofConsumers(), issuer, instanceName);
  return crossOrigin(json(200, { keys: authority.path === 'common' ? [...ofTenants, ofConsumers] : [ofConsumers] }));
}

/**
 * Instance discovery of the Microsoft libraries: which hosts are one cloud. The simulator's own address is one more name of the
 * global one. Throws AADSTS50050 for a malformed request, 50049 for a host that is no cloud's.
 */
function instanceDiscovery(exchange: Exchange): Answer {
  const endpoint = exchange.url.searchParams.get('authorization_endpoint');
  if (endpoint === null || !URL.canParse(endpoint)) {
    throw new AadstsError(50050, 'The instance discovery request lacks a readable authorization_endpoint');
  }
  const asked = new URL(endpoint);
  const isOwn = (hostname: string): boolean => !isMicrosoftHost(hostname);
  const own = isOwn(exchange.url.hostname) ? [exchange.url.host] : [];
  const isLocal = ['localhost', '127.0.0.1', '[::1]', exchange.url.hostname].includes(asked.hostname);
  if (isOwn(asked.hostname) && !isLocal) {
    throw new AadstsError(50049, `Unknown or invalid instance '${asked.host}'`);
  }
  const tenant = asked.pathname.split('/')[1] ?? 'common';
  return json(200, {
    tenant_discovery_endpoint: `${asked.origin}/${tenant}/v2.0/.well-known/openid-configuration`,
    'api-version': exchange.url.searchParams.get('api-version') ?? '1.1',
    metadata: Object.entries(clouds).map(([name, { loginHost, loginHosts }]) => {
      const aliases = [...(name === 'global' ? own : []), ...loginHosts];
      const cache = name === 'global' && own.length === 0 ? 'login.windows.net' : (aliases[0] ?? loginHost);
      return { preferred_network: aliases[0] ?? loginHost, preferred_cache: cache, aliases };
    }),
  });
}

const isMicrosoftHost = (hostname: string): boolean => cloudOfHost(hostname) !== undefined;

function userRealm(world: World, login: string): Answer {
  const name = login.slice(login.lastIndexOf('@') + 1);
  const tenant = findTenant(world.tenants, name);
  return json(200, {
    ver: '1.0',
    account_type: tenant === undefined ? 'Unknown' : 'Managed',
    domain_name: name,
    cloud_instance_name: clouds[tenant?.cloud ?? 'global'].instanceName,
    cloud_audience_urn: 'urn:federation:MicrosoftOnline',
  });
}

function crossOrigin(answer: Answer): Answer {
  return {
    ...answer,
    headers: { ...answer.headers, 'access-control-allow-origin': '*', 'cache-control': 'max-age=86400, private' },
  };
}
