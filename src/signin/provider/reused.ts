import type { KoaContextWithOIDC } from 'oidc-provider';
import { record } from '#events';
import type { Source } from '#http';
import type { World } from '#store';
import { causeOfPerson } from '../sessions/session.ts';
import { dropping } from './artifacts.ts';
import type { Seen } from './browser-session.ts';

/**
 * A code or a refresh token that comes a second time was stolen, or somebody stole it who came first: everything that came of
 * its grant ends (RFC 9700 §4.14.2), and it is told. `lost` says that both came in the same moment.
 */
export async function endReused(
  world: World,
  { oidc }: KoaContextWithOIDC,
  seen: Seen,
  source: Source,
  lost: boolean,
): Promise<void> {
  if (oidc?.route !== 'token') return;
  const { RotatedRefreshToken: refreshed, AuthorizationCode: code, DeviceCode: device } = oidc.entities;
  const grantId = lost ? (refreshed ?? code ?? device)?.grantId : seen.revoked;
  if (grantId === undefined) return;
  const found = await seen.grant(grantId);
  await world.store.write(async (tx) => {
    await dropping('Grant', grantId)(tx);
    if (found === undefined) return;
    const { session } = found;
    await record(world, tx, causeOfPerson(source, undefined), {
      organizationId: session.organizationId,
      type: 'refresh_token.reused',
      subject: { type: 'client', id: oidc.client?.clientId ?? '', name: oidc.client?.clientName ?? null },
      data: { account: session.accountId, session: session.id },
    });
  });
}
