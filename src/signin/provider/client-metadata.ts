import { createHash } from 'node:crypto';
import type { AllClientMetadata, Client } from 'oidc-provider';
import { only, type World } from '#store';
import { findClient } from '../queries/client.ts';
import { isOfPeople } from './client-settings.ts';
import { type KnownClient, readClient } from './clients.ts';

/** RFC 8628 §3.4. */
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
/** RFC 8693 §2.1. */
export const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** The name under which the library hands our own client along with its own. */
export const ownName = 'portico_client';

const idForm = /^[0-9a-f-]{36}$/;

/** The client with this id, as the provider knows it. */
export async function knownClient(world: World, id: string): Promise<KnownClient | undefined> {
  // Whatever a browser sends as client_id comes here.
  const row = idForm.test(id) ? only(await world.store.read(findClient, { id })) : undefined;
  return row === undefined ? undefined : readClient(row);
}

/** A client as the provider's library knows it. Secrets are compared by us, with their hashes. */
export function clientMetadata(client: KnownClient): AllClientMetadata & { [ownName]: KnownClient } {
  const { kind, authentication, redirectUris, jwks, jwksUri } = client;
  return {
    client_id: client.id,
    client_name: client.name,
    // The library wants one where a secret authenticates; it is compared with nothing.
    ...(authentication === 'secret' ? { client_secret: digestOf(client) } : {}),
    application_type: isNative(client) ? 'native' : 'web',
    grant_types: grantTypesOf(client),
    response_types: redirectUris.length > 0 ? ['code'] : [],
    redirect_uris: redirectUris,
    post_logout_redirect_uris: client.postLogoutRedirectUris,
    token_endpoint_auth_method:
      authentication === 'secret'
        ? 'client_secret_basic'
        : authentication === 'privateKeyJwt'
          ? 'private_key_jwt'
          : 'none',
    ...(jwks === null ? {} : { jwks: { keys: jwks.keys as { kty: string }[] } }),
    ...(jwksUri === null ? {} : { jwks_uri: jwksUri }),
    id_token_signed_response_alg: client.idTokenAlg,
    ...(isOfPeople(kind) ? { require_auth_time: true } : {}),
    require_pushed_authorization_requests: client.requirePushedRequests,
    ...(isOfPeople(kind) ? { scope: client.scopes.join(' ') } : {}),
    [ownName]: client,
  };
}

/** Our own client behind one of the library's. */
export function ownClientOf(client: Client): KnownClient | undefined {
  const own: unknown = client[ownName];
  return own as KnownClient | undefined;
}

/** Whether the library takes it for native: other schemes than https, and any port of the loopback address (RFC 8252 §7.3). */
export const isNative = ({ kind, redirectUris }: KnownClient): boolean =>
  kind === 'native' || (kind === 'extension' && redirectUris.some((uri) => !uri.startsWith('https:')));

function grantTypesOf({ kind, redirectUris, deviceFlow, mayExchange }: KnownClient): string[] {
  switch (kind) {
    case 'machine':
      return ['client_credentials'];
    case 'api':
      return mayExchange ? [exchangeGrant] : [];
    default:
      return [
        ...(redirectUris.length > 0 ? ['authorization_code'] : []),
        'refresh_token',
        ...(deviceFlow ? [deviceGrant] : []),
      ];
  }
}

const digestOf = ({ id, secrets }: KnownClient): string =>
  createHash('sha256')
    .update(`${id} ${secrets.map(({ hash }) => hash).join(' ')}`)
    .digest('base64url');

/** Origins that may ask the token endpoint and userinfo from a browser: those that people come back to, and no other. */
export function isOwnOriginOf({ kind, redirectUris }: KnownClient, origin: string): boolean {
  if (kind === 'spa') return redirectUris.some((uri) => URL.parse(uri)?.origin === origin);
  if (kind !== 'extension') return false;
  return redirectUris.some((uri) => {
    const url = URL.parse(uri);
    const [id] = url?.hostname.split('.') ?? [];
    return url?.hostname.endsWith('.chromiumapp.org') === true
      ? origin === `chrome-extension://${id}`
      : `${url?.protocol}//${url?.host}` === origin;
  });
}
