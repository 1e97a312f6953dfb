import type { KoaContextWithOIDC } from 'oidc-provider';
import type { EntraWorld } from '#connections';
import type { Source } from '#http';
import { askedOfProvider } from '../pages/asked-of-provider.ts';
import { rememberConnection } from '../pages/last-connection.ts';
import { findWhereToSignIn } from '../pages/where-to-sign-in.ts';
import { goingThere, isInPage, prepareStart } from '../relying-party/start-at-provider.ts';
import { unfinishedSignIns } from '../relying-party/unfinished-sign-ins.ts';
import { SignInRefused } from '../sign-in-refused.ts';
import { keyOf } from './artifacts.ts';
import type { Seen } from './browser-session.ts';
import { type Interaction, interactionOf } from './interaction.ts';

/**
 * Sends a browser that the library would send to our sign-in page on to the provider of the connection at once, where the page
 * would only do that: nobody is signed in, and there is nothing to choose. The sign-in is written down with the interaction.
 * Whatever is not as plain as that, refusals among it, is the page's.
 */
export async function goStraight(
  world: EntraWorld,
  ctx: KoaContextWithOIDC,
  seen: Seen,
  source: Source,
): Promise<void> {
  const uid = ctx.oidc?.entities.Interaction?.uid;
  if (ctx.method !== 'GET' || ctx.status !== 303 || uid === undefined) return;
  if (ctx.response.get('location') !== `/login/${uid}` || isInPage(ctx.get('sec-fetch-dest'))) return;
  const kept = seen.changed.get(keyOf('Interaction', uid));
  if (kept === undefined) return;
  try {
    if ((await seen.browser()) === undefined) await start(world, ctx, seen, source, interactionOf(uid, kept));
  } catch (error) {
    // Refused, or an outage: the page meets the same, and says it in its own words.
    if (!(error instanceof SignInRefused)) world.log.warn({ error }, 'a sign-in could not start at once');
  }
}

async function start(
  world: EntraWorld,
  ctx: KoaContextWithOIDC,
  seen: Seen,
  source: Source,
  interaction: Interaction,
): Promise<void> {
  const { organization, connection, loginHint: email } = interaction.asked;
  const { straight } = await findWhereToSignIn(world, { organization, connection, email, last: undefined });
  if (straight === undefined) return;
  if ((await unfinishedSignIns(world).start(source.address)) > 0) return;
  const { organizationId, id: connectionId, settings } = straight;
  const target = { organizationId, connectionId, settings, testId: null };
  const asked = askedOfProvider(straight, interaction, email);
  const request = { headers: new Headers({ cookie: ctx.get('cookie') }) };
  const { location, cookie, write } = await prepareStart(world, request, target, asked);
  seen.changes?.push((tx) => write(tx).then(() => true));
  ctx.redirect(location);
  ctx.status = 303;
  ctx.set(goingThere);
  for (const one of [cookie, rememberConnection(connectionId)]) ctx.append('set-cookie', one);
}
