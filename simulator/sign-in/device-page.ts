import { html } from 'hono/html';
import type { Application } from '../applications/application.ts';
import { type Answer, type Exchange, readForm, redirect } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { faultLine, page } from '../pages/page.ts';
import { type DeviceCode, deviceCodeLifetime, findDeviceCode } from '../token/grants.ts';
import type { World } from '../world.ts';
import { AadstsError, toEnvelope } from './aadsts.ts';
import { errorPage } from './error-page.ts';
import { grantedScopes } from './scopes.ts';

const path = '/common/oauth2/deviceauth';
const returnPath = `${path}/return`;

/**
 * Where somebody types the code that a device shows, signs in by the usual pages, and says that it is him
 * (OAuth 2.0 device authorization grant, Entra's page at microsoft.com/devicelogin).
 */
export function devicePageRoutes(world: World): Routes {
  return {
    'GET /devicelogin': (exchange) => redirect(`${path}${exchange.url.search}`),
    [`GET ${path}`]: (exchange) => askForCode(exchange.url.searchParams.get('otc') ?? '', undefined),
    [`POST ${path}`]: (exchange) => enter(world, exchange),
    [`GET ${returnPath}`]: (exchange) => comeBack(world, exchange),
    [`POST ${returnPath}`]: (exchange) => confirm(world, exchange),
  };
}

/** Whether an authorization request is that of a device whose code was just entered: it comes back to the page, not to the app. */
export function isOfDevice({ grants }: World, { appId }: Application, parameters: URLSearchParams): boolean {
  const code = findDeviceCode(grants, parameters.get('state') ?? '');
  return code?.appId === appId && code.returnUri !== undefined && code.returnUri === parameters.get('redirect_uri');
}

function askForCode(typed: string, fault: string | undefined): Promise<Answer> {
  const content = html`<h1>Enter code</h1><p>Enter the code displayed on your app or device.</p>
${faultLine(fault)}
<form method="post" action="${path}"><label for="otc">Code</label>
<input id="otc" name="otc" autocomplete="off" maxlength="18" value="${typed}" required autofocus>
<div class="row end"><button class="primary" type="submit">Next</button></div></form>`;
  return page('Sign in to your account', content, { status: fault === undefined ? 200 : 400 }, 'narrow');
}

/** The code leads to the usual sign-in; the answer comes back here. */
function enter(world: World, exchange: Exchange): Answer | Promise<Answer> {
  const typed = readForm(exchange)?.get('otc') ?? '';
  const code = findDeviceCode(world.grants, typed);
  const fault = faultOf(world, typed, code);
  if (fault !== undefined || code === undefined)
    return askForCode(typed, fault === undefined ? undefined : `AADSTS${fault.code}: ${fault.message}.`);
  code.returnUri = `${exchange.origin}${returnPath}`;
  const offline = code.scopes.openid.includes('offline_access') ? ' offline_access' : '';
  const parameters = new URLSearchParams({
    client_id: code.appId,
    response_type: 'code',
    redirect_uri: code.returnUri,
    scope: `${grantedScopes(code.scopes)}${offline}`.trim(),
    state: code.userCode,
  });
  return redirect(`/${code.authority}/oauth2/v2.0/authorize?${parameters}`);
}

function faultOf(world: World, typed: string, code: DeviceCode | undefined): AadstsError | undefined {
  if (typed.trim() === '') return new AadstsError(90119, 'The user code is null or empty');
  if (code === undefined) return new AadstsError(70018, 'That code did not work. Check the code and try again');
  if (world.clock.now() - code.issuedAt >= deviceCodeLifetime) return new AadstsError(70019, 'That code has expired');
  return code.state === 'pending'
    ? undefined
    : new AadstsError(90120, 'The request was already authorized or declined');
}

/** After the sign-in: it could be somebody else's device, so it takes one more click. */
function comeBack(world: World, exchange: Exchange): Answer | Promise<Answer> {
  const { searchParams } = exchange.url;
  const code = findDeviceCode(world.grants, searchParams.get('state') ?? '');
  if (code === undefined || code.state !== 'pending') return refused(world, exchange, new AadstsError(90120));
  const error = searchParams.get('error');
  if (error === 'access_denied') return decline(world, code);
  if (error !== null)
    return page(
      'Sign in: error',
      html`<h1>You could not be signed in</h1><p>${searchParams.get('error_description')}</p>`,
      { status: 400 },
      'narrow',
    );
  const content = html`<h1>Are you trying to sign in to ${nameOf(world, code)}?</h1>
<p>Only continue if you downloaded the app from a store or website that you trust.</p>
<form method="post" action="${returnPath}"><input type="hidden" name="code" value="${searchParams.get('code') ?? ''}">
<input type="hidden" name="state" value="${code.userCode}"><div class="row end">
<button name="cancel" value="1">Cancel</button><button class="primary" type="submit">Continue</button></div></form>`;
  return page('Sign in to your account', content, {}, 'narrow');
}

function confirm(world: World, exchange: Exchange): Answer | Promise<Answer> {
  const form = readForm(exchange) ?? new URLSearchParams();
  const code = findDeviceCode(world.grants, form.get('state') ?? '');
  const issued = world.grants.codes.get(form.get('code') ?? '');
  if (code === undefined || code.state !== 'pending') return refused(world, exchange, new AadstsError(90120));
  if (form.has('cancel')) return decline(world, code);
  if (
    issued === undefined ||
    issued.redeemed ||
    issued.redirectUri !== code.returnUri ||
    issued.grant.appId !== code.appId
  )
    return refused(world, exchange, new AadstsError(70000, 'The sign-in does not belong to the code that was entered'));
  issued.redeemed = true;
  approve(code, { ...issued.grant, openidScopes: code.scopes.openid });
  const content = html`<h1>${nameOf(world, code)}</h1>
<p>You have signed in to the ${nameOf(world, code)} application on your device. You may now close this window.</p>`;
  return page('Sign in to your account', content, {}, 'narrow');
}

/** Lets the device have what its code stands for. */
export function approve(code: DeviceCode, grant: NonNullable<DeviceCode['grant']>): void {
  code.grant = grant;
  code.state = 'approved';
}

function decline(world: World, code: DeviceCode): Promise<Answer> {
  code.state = 'declined';
  const content = html`<h1>${nameOf(world, code)}</h1><p>You did not sign in on your device. You may now close this window.</p>`;
  return page('Sign in to your account', content, {}, 'narrow');
}

const refused = (world: World, exchange: Exchange, error: AadstsError): Promise<Answer> =>
  errorPage(error, toEnvelope(exchange, error, world.clock.now()));

const nameOf = ({ applications }: World, { appId }: DeviceCode): string =>
  applications.get(appId)?.displayName ?? appId;
