import { randomUUID } from 'node:crypto';
import { type Answer, type Exchange, header, json, readForm } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { AadstsError, correlationOf, envelopeAnswer, toEnvelope } from '../sign-in/aadsts.ts';
import { readAuthority } from '../sign-in/authority.ts';
import { insertSignIn } from '../sign-in/sign-in-log.ts';
import { strikeAadsts } from '../sign-in/strike-aadsts.ts';
import type { World } from '../world.ts';
import { redeemClientCredentials } from './client-credentials.ts';
import { redeemOnBehalfOf } from './on-behalf-of.ts';
import { redeemCode } from './redeem-code.ts';
import { redeemDeviceCode } from './redeem-device-code.ts';
import { redeemPassword } from './redeem-password.ts';
import { redeemRefreshToken } from './redeem-refresh-token.ts';
import { needed, type TokenAnswer, type TokenRequest, type Trail } from './token-request.ts';

/** A grant: how it is redeemed, and whether that is a sign-in of somebody who was just asked for something. */
type GrantType = {
  readonly redeem: (request: TokenRequest) => Promise<TokenAnswer>;
  readonly isInteractive: boolean;
  /** Whether the sign-in itself was logged where it happened, on the page. */
  readonly loggedBefore?: true;
};

const deviceCode: GrantType = { redeem: redeemDeviceCode, isInteractive: true, loggedBefore: true };

/** Grants by `grant_type`. */
const grants: ReadonlyMap<string, GrantType> = new Map([
  ['authorization_code', { redeem: redeemCode, isInteractive: true, loggedBefore: true }],
  ['refresh_token', { redeem: redeemRefreshToken, isInteractive: false }],
  ['password', { redeem: redeemPassword, isInteractive: true }],
  ['client_credentials', { redeem: redeemClientCredentials, isInteractive: false }],
  ['urn:ietf:params:oauth:grant-type:jwt-bearer', { redeem: redeemOnBehalfOf, isInteractive: false }],
  ['urn:ietf:params:oauth:grant-type:device_code', deviceCode],
  // The name of v1, which Microsoft's libraries still use.
  ['device_code', deviceCode],
]);

/** The token endpoint, v1 and v2. It takes forms by POST only; browsers may call it for single-page apps. */
export function tokenRoutes(world: World): Routes {
  return { ...routesOf(world, 'oauth2/v2.0/token', 2), ...routesOf(world, 'oauth2/token', 1) };
}

function routesOf(world: World, path: string, version: 1 | 2): Routes {
  return {
    [`POST /:tenant/${path}`]: (exchange, tenant) => token(world, exchange, tenant, version),
    [`OPTIONS /:tenant/${path}`]: (exchange) => ({ status: 204, headers: crossOrigin(exchange) }),
    [`GET /:tenant/${path}`]: () => {
      throw new AadstsError(900561, 'The endpoint only accepts POST requests. Received a GET request');
    },
  };
}

async function token(world: World, exchange: Exchange, key: string, version: 1 | 2): Promise<Answer> {
  const trail: Trail = {};
  const type = grants.get(readForm(exchange)?.get('grant_type') ?? '');
  try {
    strikeAadsts(world, 'token', exchange);
    const authority = readAuthority(world, key, exchange);
    if (authority.tenant !== undefined) trail.tenantId = authority.tenant.id;
    const form = readForm(exchange) ?? new URLSearchParams();
    const name = needed(form, 'grant_type');
    const repeated = [...form.keys()].find((each, index, names) => names.indexOf(each) !== index);
    if (repeated !== undefined) throw new AadstsError(9002313, `The parameter '${repeated}' is sent more than once`);
    if (type === undefined) throw new AadstsError(70003, `The app requested an unsupported grant type '${name}'`);
    const body = await type.redeem({ world, exchange, authority, form, version, trail });
    if (!type.loggedBefore) log(world, trail, type, { code: 0, reason: '', correlationId: correlationOf(exchange) });
    return json(200, body, { ...headersOf(randomUUID(), 0), ...crossOrigin(exchange) });
  } catch (error) {
    if (!(error instanceof AadstsError)) throw error;
    const envelope = toEnvelope(exchange, error, world.clock.now());
    // Somebody who has not looked at the page yet has not failed.
    if (type !== undefined && error.code !== 70016)
      log(world, trail, type, { code: error.code, reason: error.message, correlationId: envelope.correlation_id });
    const answer = envelopeAnswer(error, envelope);
    const headers = { ...headersOf(envelope.trace_id, error.code), ...crossOrigin(exchange) };
    return { ...answer, headers: { ...answer.headers, ...headers } };
  }
}

/** Keeps a sign-in of a known app; one that no tenant was found for is nobody's. */
function log(
  world: World,
  { tenantId, appId, userId, resourceAppId }: Trail,
  { isInteractive }: GrantType,
  outcome: { readonly code: number; readonly reason: string; readonly correlationId: string },
): void {
  if (tenantId === undefined || appId === undefined) return;
  insertSignIn(world, {
    tenantId,
    appId,
    userId: userId ?? null,
    resourceAppId: resourceAppId ?? null,
    isInteractive,
    errorCode: outcome.code,
    failureReason: outcome.reason,
    correlationId: outcome.correlationId,
  });
}

/** What Microsoft's token endpoint says of every answer; the libraries log the trace, and the server by `x-ms-ests-server`. */
function headersOf(trace: string, code: number): Record<string, string> {
  return {
    'cache-control': 'no-store, no-cache',
    pragma: 'no-cache',
    expires: '-1',
    'x-content-type-options': 'nosniff',
    'x-ms-request-id': trace,
    'x-ms-ests-server': '2.1.0.0 - simulated',
    'x-ms-srs': '1.P',
    'x-ms-clitelem': `1,${code},0,,`,
  };
}

function crossOrigin(exchange: Exchange): Record<string, string> {
  const origin = header(exchange, 'origin');
  if (origin === undefined) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'POST, OPTIONS',
    'access-control-allow-headers': header(exchange, 'access-control-request-headers') ?? 'content-type',
    'access-control-expose-headers': 'x-ms-request-id, x-ms-clitelem, x-ms-srs',
    vary: 'origin',
  };
}
