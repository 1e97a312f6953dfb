import { type Answer, type Exchange, json, readForm } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import type { Random } from '../random.ts';
import { AadstsError } from '../sign-in/aadsts.ts';
import { readAuthority } from '../sign-in/authority.ts';
import type { World } from '../world.ts';
import { applicationAt } from './client-authentication.ts';
import { deviceCodeLifetime, findDeviceCode, insertDeviceCode } from './grants.ts';
import { needed, readAsked } from './token-request.ts';

/** Seconds a device is told to wait between two polls; whoever comes sooner is told that it is pending, never to slow down. */
const interval = 5;

/** The device authorization endpoint, v1 and v2: a device that has no browser asks here for a code to show. */
export function deviceCodeRoutes(world: World): Routes {
  return {
    'POST /:tenant/oauth2/v2.0/devicecode': (exchange, tenant) => issue(world, exchange, tenant, 2),
    'POST /:tenant/oauth2/devicecode': (exchange, tenant) => issue(world, exchange, tenant, 1),
  };
}

function issue(world: World, exchange: Exchange, key: string, version: 1 | 2): Answer {
  const authority = readAuthority(world, key, exchange);
  // v1 libraries send their parameters in the query.
  const form = readForm(exchange) ?? exchange.url.searchParams;
  const application = applicationAt(world, authority, needed(form, 'client_id'));
  if (authority.tenant === undefined && application.signInAudience === 'AzureADMyOrg')
    throw new AadstsError(
      50059,
      'No tenant-identifying information found in either the request or implied by any provided credentials',
    );
  const scopes = readAsked({ world, exchange, authority, form, version, trail: {} });
  if (scopes === undefined) needed(form, version === 1 ? 'resource' : 'scope');
  if (scopes === undefined) throw new TypeError('asked for nothing');
  const userCode = freeUserCode(world);
  const deviceCode = insertDeviceCode(world.grants, {
    userCode,
    appId: application.appId,
    authority: authority.path,
    scopes,
    issuedAt: world.clock.now(),
    returnUri: undefined,
    state: 'pending',
    grant: undefined,
  });
  const page = `${exchange.origin}/devicelogin`;
  const expiresIn = deviceCodeLifetime / 1000;
  const message = `To sign in, use a web browser to open the page ${page} and enter the code ${userCode} to authenticate.`;
  const names = { user_code: userCode, device_code: deviceCode };
  return json(
    200,
    version === 2
      ? { ...names, verification_uri: page, expires_in: expiresIn, interval, message }
      : { ...names, verification_url: page, expires_in: String(expiresIn), interval: String(interval), message },
    { 'cache-control': 'no-store, no-cache' },
  );
}

function freeUserCode({ random, grants }: World): string {
  const code = makeUserCode(random);
  return findDeviceCode(grants, code) === undefined ? code : makeUserCode(random);
}

/** Nine letters and digits that nobody takes for one another. */
function makeUserCode(random: Random): string {
  const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  return Array.from({ length: 9 }, () => letters.charAt(random.integer(letters.length))).join('');
}
