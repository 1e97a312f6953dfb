import { createHash, randomBytes } from 'node:crypto';
import { type Answer, type Connection, openConnection } from './connection.ts';

/** A server that signs people in to products, as a product knows it, and the tenant behind it; all of it on this machine. */
export interface SignInTarget {
  port: number;
  /** The authorization endpoint with the parameters that are the same each time, and the token endpoint; below the origin. */
  authorize: string;
  token: string;
  clientId: string;
  secret: string;
  redirectUri: string;
  /** The tenant's port, where the browser says who it is. */
  upstreamPort: number;
}

/** What one sign-in took, in milliseconds. */
export interface SignedIn {
  accessToken: string;
  /** The requests to the server under load, the waits for their answers, and the same at the tenant. */
  requests: number;
  serverMs: number;
  upstreamMs: number;
  /** Of `serverMs`, what the code exchange took. */
  exchangeMs: number;
}

/** A browser's cookies, all for the one server. */
export type Cookies = Map<string, string>;

/** Connections that stay open, each with one request under way. */
export interface Lines {
  ask(port: number, request: string): Promise<Answer>;
  close(): void;
}

/** Opens lines as they are needed. */
export function openLines(): Lines {
  const idle = new Map<number, Connection[]>();
  const all = new Set<Connection>();
  return {
    ask: async (port, request) => {
      const free = idle.get(port) ?? [];
      idle.set(port, free);
      let connection = free.pop();
      while (connection?.ended()) connection = free.pop();
      connection ??= await openConnection(port);
      all.add(connection);
      const answer = await connection.send(request).catch((error: unknown) => {
        all.delete(connection);
        throw error;
      });
      if (/\r\nconnection: *close/i.test(answer.head)) connection.close();
      else free.push(connection);
      return answer;
    },
    close: () => {
      for (const connection of all) connection.close();
    },
  };
}

const random = (bytes: number): string => randomBytes(bytes).toString('base64url');

function get(port: number, path: string, cookies: Cookies): string {
  const sent = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const cookie = sent === '' ? '' : `cookie: ${sent}\r\n`;
  return `GET ${path} HTTP/1.1\r\nhost: localhost:${port}\r\naccept: text/html\r\n${cookie}\r\n`;
}

function post(port: number, path: string, form: URLSearchParams): string {
  const text = form.toString();
  return `POST ${path} HTTP/1.1\r\nhost: localhost:${port}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
}

function keep(cookies: Cookies, { head }: Answer): void {
  for (const [, name = '', value = '', rest = ''] of head.matchAll(/\r\nset-cookie: *([^=\r]+)=([^;\r]*)([^\r]*)/gi))
    if (/max-age=0|1970/i.test(rest)) cookies.delete(name);
    else cookies.set(name, value);
}

const locationOf = ({ head }: Answer): string | undefined => /\r\nlocation: *([^\r]*)/i.exec(head)?.[1];

const mostHops = 12;

/** How a sign-in may differ. */
export interface Way {
  /** The server is the tenant itself, which is told at once who signs in. */
  atTenant?: boolean;
  /** Goes on from here, after somebody else began; the state is then not ours to check. */
  from?: string;
  /** Stops before this address is opened, without a code. */
  until?(path: string): boolean;
}

/**
 * Sends a product's authorization request and follows it to the product's callback: a browser that knows nothing but these
 * cookies, which at the tenant's page chooses the person. Gives the code and what redeems it.
 */
export async function fetchCode(
  lines: Lines,
  target: SignInTarget,
  login: string,
  cookies: Cookies = new Map(),
  { atTenant = false, from, until }: Way = {},
): Promise<{ form: URLSearchParams; nonce: string; requests: number; serverMs: number; upstreamMs: number }> {
  const [verifier, state, nonce] = [random(32), random(16), random(16)];
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const asked = new URLSearchParams({
    code_challenge: challenge,
    code_challenge_method: 'S256',
    response_type: 'code',
    client_id: target.clientId,
    redirect_uri: target.redirectUri,
    state,
    nonce,
  });
  let path = `${target.authorize}&${asked}`;
  const spent = { requests: 0, serverMs: 0, upstreamMs: 0 };
  if (from !== undefined) path = from;
  if (atTenant) path += `&login=${encodeURIComponent(login)}`;
  for (let hop = 0; hop < mostHops; hop++) {
    const started = performance.now();
    const [where = '', query = ''] = path.split('?');
    const asking = atTenant ? post(target.port, where, new URLSearchParams(query)) : get(target.port, path, cookies);
    const answer = await lines.ask(target.port, asking);
    spent.requests += 1;
    spent.serverMs += performance.now() - started;
    keep(cookies, answer);
    let location = locationOf(answer);
    if (location === undefined) throw new Error(`${path.split('?')[0]} answered ${answer.status}: ${faultOf(answer)}`);
    let url = new URL(location, `http://localhost:${target.port}`);
    if (url.port === String(target.upstreamPort)) {
      const chosen = performance.now();
      url.searchParams.set('login', login);
      const said = await lines.ask(target.upstreamPort, post(target.upstreamPort, url.pathname, url.searchParams));
      spent.upstreamMs += performance.now() - chosen;
      location = locationOf(said);
      if (location === undefined) throw new Error(`the tenant answered ${said.status}: ${faultOf(said)}`);
      url = new URL(location);
    }
    if (url.href.startsWith(target.redirectUri)) {
      const code = url.searchParams.get('code');
      const isOurs = from !== undefined || url.searchParams.get('state') === state;
      if (code === null || !isOurs) throw new Error(`the product got ${url.search}`);
      const form = new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: target.redirectUri,
        client_id: target.clientId,
        client_secret: target.secret,
        code_verifier: verifier,
      });
      return { form, nonce, ...spent };
    }
    path = `${url.pathname}${url.search}`;
    if (until?.(path)) return { form: new URLSearchParams(), nonce, ...spent };
  }
  throw new Error('the product was never reached');
}

/** Redeems a code; the id token has to be there and of this sign-in. */
export async function redeem(
  lines: Lines,
  target: SignInTarget,
  { form, nonce }: { form: URLSearchParams; nonce: string },
): Promise<{ accessToken: string; exchangeMs: number }> {
  const started = performance.now();
  const answer = await lines.ask(target.port, post(target.port, target.token, form));
  const exchangeMs = performance.now() - started;
  if (answer.status !== 200) throw new Error(`the code exchange answered ${answer.status}: ${faultOf(answer)}`);
  const { access_token: accessToken, id_token: idToken } = JSON.parse(answer.body) as Record<string, string>;
  const claims = JSON.parse(Buffer.from(String(idToken).split('.')[1] ?? '', 'base64url').toString()) as Claims;
  if (claims.nonce !== nonce || claims.sub === undefined || accessToken === undefined)
    throw new Error(`the id token says ${JSON.stringify(claims)}`);
  return { accessToken, exchangeMs };
}

interface Claims {
  sub?: string;
  nonce?: string;
}

/** A whole sign-in of a browser that was never here before. */
export async function signIn(lines: Lines, target: SignInTarget, login: string, atTenant = false): Promise<SignedIn> {
  const { requests, serverMs, upstreamMs, ...code } = await fetchCode(lines, target, login, new Map(), { atTenant });
  const { accessToken, exchangeMs } = await redeem(lines, target, code);
  return { accessToken, requests: requests + 1, serverMs: serverMs + exchangeMs, upstreamMs, exchangeMs };
}

const faultOf = ({ body }: Answer): string =>
  body
    .replaceAll(/<style[\s\S]*?<\/style>|<[^>]*>|\s+/g, ' ')
    .replaceAll(/ +/g, ' ')
    .slice(0, 300);
