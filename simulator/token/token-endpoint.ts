import { type Answer, type Exchange, header, json, readForm } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { AadstsError, aadstsAnswer } from '../sign-in/aadsts.ts';
import { type Authority, readAuthority } from '../sign-in/authority.ts';
import { strikeAadsts } from '../sign-in/strike-aadsts.ts';
import type { World } from '../world.ts';
import { redeemClientCredentials } from './client-credentials.ts';
import { redeemCode, redeemRefreshToken } from './redeem.ts';

/** What a grant handler gets to work with. */
export type TokenRequest = {
  readonly world: World;
  readonly exchange: Exchange;
  readonly authority: Authority;
  readonly form: URLSearchParams;
};

/** Grants by `grant_type`. */
const grants: ReadonlyMap<string, (request: TokenRequest) => Promise<Readonly<Record<string, unknown>>>> = new Map([
  ['authorization_code', redeemCode],
  ['refresh_token', redeemRefreshToken],
  ['client_credentials', redeemClientCredentials],
]);

/** The token endpoint. It takes forms by POST only; browsers may call it for single-page apps. */
export function tokenRoutes(world: World): Routes {
  return {
    'POST /:tenant/oauth2/v2.0/token': (exchange, tenant) => token(world, exchange, tenant),
    'OPTIONS /:tenant/oauth2/v2.0/token': (exchange) => ({ status: 204, headers: crossOrigin(exchange) }),
    'GET /:tenant/oauth2/v2.0/token': () => {
      throw new AadstsError(900561, 'The endpoint only accepts POST requests. Received a GET request');
    },
  };
}

async function token(world: World, exchange: Exchange, key: string): Promise<Answer> {
  const headers = { 'cache-control': 'no-store', pragma: 'no-cache', ...crossOrigin(exchange) };
  try {
    strikeAadsts(world, 'token');
    const authority = readAuthority(world, key, exchange);
    const form = readForm(exchange) ?? new URLSearchParams();
    const type = form.get('grant_type');
    if (type === null) throw new AadstsError(900144, "The request body must contain the parameter 'grant_type'");
    const repeated = [...form.keys()].find((name, index, names) => names.indexOf(name) !== index);
    if (repeated !== undefined) throw new AadstsError(9002313, `The parameter '${repeated}' is sent more than once`);
    const redeem = grants.get(type);
    if (redeem === undefined) throw new AadstsError(70003, `The app requested an unsupported grant type '${type}'`);
    return json(200, await redeem({ world, exchange, authority, form }), headers);
  } catch (error) {
    if (!(error instanceof AadstsError)) throw error;
    const answer = aadstsAnswer(exchange, error, world.clock.now());
    return { ...answer, headers: { ...answer.headers, ...headers } };
  }
}

function crossOrigin(exchange: Exchange): Record<string, string> {
  const origin = header(exchange, 'origin');
  if (origin === undefined) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'POST, OPTIONS',
    'access-control-allow-headers': 'content-type, client-request-id, x-client-sku, x-client-ver',
    vary: 'origin',
  };
}
