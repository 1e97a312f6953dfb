import { findTenant } from './directory/tenant.ts';
import { type Answer, bearerToken, type Exchange, type Outcome } from './http/exchange.ts';
import { namedClient, oauthParameters } from './http/oauth-parameters.ts';
import type { LoggedRequest } from './request-log.ts';
import type { World } from './world.ts';

const secretParameters = [
  'assertion',
  'client_assertion',
  'client_secret',
  'code',
  'device_code',
  'id_token_hint',
  'access_token',
  'password',
  'refresh_token',
];

/** Codes are read from the beginning of an answer; pages and envelopes have them there. */
const readTo = 4_096;

/** What the log says of a request and its answer: whom it concerned, and what became of it; never a secret. */
export function describeRequest(world: World, exchange: Exchange, outcome: Outcome): Omit<LoggedRequest, 'at' | 'ms'> {
  const parameters = oauthParameters(exchange);
  const claims = readBearer(exchange);
  return {
    method: exchange.method,
    host: exchange.url.host,
    path: redact(exchange.url),
    status: outcome === 'cut' ? null : outcome.status,
    code: outcome === 'cut' ? null : codeOf(outcome),
    grantType: exchange.method === 'POST' ? parameters.get('grant_type') : null,
    tenant: claims?.tenant ?? findTenant(world.tenants, exchange.segments[0] ?? '')?.id ?? null,
    app: claims?.app ?? namedClient(exchange, parameters) ?? null,
  };
}

/** Tenant and app of a token that is presented, whether it is good or not. */
function readBearer(exchange: Exchange): { tenant: string; app: string } | undefined {
  const [, payload] = bearerToken(exchange)?.split('.') ?? [];
  if (payload === undefined) return undefined;
  try {
    const { tid, appid, azp } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const app = appid ?? azp;
    return typeof tid === 'string' && typeof app === 'string' ? { tenant: tid, app } : undefined;
  } catch {
    return undefined;
  }
}

function codeOf({ status, headers, body }: Answer): string | null {
  const location = headers?.['location'];
  if (status >= 300 && status < 400) return typeof location === 'string' ? aadstsIn(location) : null;
  const start = typeof body === 'string' ? body.slice(0, readTo) : (body?.toString('utf8', 0, readTo) ?? '');
  if (status < 400) return start.startsWith('<') ? errorPageCode(start) : null;
  return aadstsIn(start) ?? /"code":\s*"([^"]{1,80})"/.exec(start)?.[1] ?? null;
}

const aadstsIn = (text: string): string | null => /AADSTS\d+/.exec(text)?.[0] ?? null;

/** A form that posts a refusal to the app, which is answered by 200. */
const errorPageCode = (page: string): string | null => (page.includes('error_description') ? aadstsIn(page) : null);

function redact(url: URL): string {
  if (url.search === '') return url.pathname;
  const shown = new URL(url);
  for (const name of secretParameters) if (shown.searchParams.has(name)) shown.searchParams.set(name, '***');
  return `${shown.pathname}${shown.search}`;
}
