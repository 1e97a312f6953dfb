import type { JWTPayload } from 'jose';
import type { Tenant } from '../directory/tenant.ts';
import { textOf } from '../faults/faults.ts';
import { clouds } from '../hosts/clouds.ts';
import { microsoftHosts } from '../hosts/names.ts';
import type { Exchange } from '../http/exchange.ts';
import type { World } from '../world.ts';
import { GraphError } from './graph-error.ts';

/**
 * Continuous access evaluation: a client that declared `cp1` is sent back for another token once the person's sessions were
 * revoked, or the fault `claims-challenge` strikes. Throws 401 with the claims challenge in WWW-Authenticate; other clients'
 * tokens are good until their end.
 */
export function checkContinuousAccess(world: World, exchange: Exchange, tenant: Tenant, claims: JWTPayload): void {
  const capabilities = Array.isArray(claims['xms_cc'])
    ? claims['xms_cc'].map((name) => String(name).toLowerCase())
    : [];
  if (!capabilities.includes('cp1')) return;
  const since = tenant.signIn.validFrom.get(String(claims['oid']));
  const isRevoked = since !== undefined && (claims.iat ?? 0) < Math.floor(since / 1000);
  const isStruck = (): boolean =>
    world.faults.strike('claims-challenge', (fault) =>
      `${exchange.url.pathname}${exchange.url.search}`.includes(textOf(fault, 'path') ?? ''),
    ) !== undefined;
  if (!isRevoked && !isStruck()) return;
  const seconds = Math.floor((since ?? world.clock.now()) / 1000);
  const challenge = { access_token: { nbf: { essential: true, value: String(seconds) } } };
  const isMicrosoft = microsoftHosts.has(exchange.url.hostname);
  const login = isMicrosoft ? `https://${clouds[tenant.cloud].loginHost}` : exchange.origin;
  const members = {
    realm: '',
    authorization_uri: `${login}/common/oauth2/authorize`,
    client_id: '00000003-0000-0000-c000-000000000000',
    error: 'insufficient_claims',
    claims: Buffer.from(JSON.stringify(challenge)).toString('base64'),
  };
  const shown = Object.entries(members).map(([name, value]) => `${name}="${value}"`);
  throw new GraphError(
    401,
    'InvalidAuthenticationToken',
    'Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp',
    { 'www-authenticate': `Bearer ${shown.join(', ')}` },
  );
}
