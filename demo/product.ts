/**
 * A small product behind Portico: sign in, see your name, groups and messages, send one. Everything it needs to know of
 * Microsoft Entra is this: Portico is its OpenID provider, has a REST API, and calls a webhook.
 */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as oidc from 'openid-client';
import { createClient, type Event } from '#contract';

/** What the product was told when it was set up. */
export interface ProductSettings {
  portico: string;
  clientId: string;
  clientSecret: string;
  apiKey: string;
  connection: string;
  mailbox: string;
  webhookSecret: () => string;
}

type Session = { accessToken: string; subject: string; idToken: string };
type Pending = { codeVerifier: string; state: string; nonce: string };

/** Starts the product on a port; `events` are those its webhook took, each once. */
export async function startProduct(
  port: number,
  settings: () => ProductSettings,
): Promise<{ url: string; events: Map<string, Event>; stop(): Promise<void> }> {
  const sessions = new Map<string, Session>();
  const pending = new Map<string, Pending>();
  const events = new Map<string, Event>();
  let url = '';

  const provider = () => {
    const { portico, clientId, clientSecret } = settings();
    return oidc.discovery(new URL(`${portico}/oidc`), clientId, clientSecret, undefined, {
      execute: [oidc.allowInsecureRequests],
    });
  };
  const api = () => createClient({ url: settings().portico, key: settings().apiKey });

  const pages: Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void>> = {
    'GET /': async (request, response) => {
      const session = sessions.get(cookieOf(request));
      if (session === undefined)
        return show(response, 200, '<h1>Fabulous Products</h1><p><a href="/login">Sign in</a></p>');
      const person = await oidc
        .fetchUserInfo(await provider(), session.accessToken, session.subject)
        .catch(() => undefined);
      if (person === undefined)
        return show(
          response,
          401,
          '<h1>Signed out</h1><p>Your organization ended your access, or your session is over. <a href="/login">Sign in</a></p>',
        );
      const { connection, mailbox } = settings();
      const users = await api()('users.list', {
        directory: connection,
        query: { userName: String(person.preferred_username ?? ''), limit: 1 },
      });
      const user = users.items[0] && (await api()('users.get', { directory: connection, user: users.items[0].id }));
      const messages = await api()('messages.list', { connection, query: { limit: 10 } });
      show(
        response,
        200,
        `<h1>Hello, ${text(person.name)}</h1>
        <h2>Your groups</h2><ul>${list(user?.groups.map((group) => group.displayName) ?? [])}</ul>
        <h2>Messages</h2><ul>${list(messages.items.map((it) => `${it.direction} ${it.state}: ${it.subject}`))}</ul>
        <form method="post" action="/send"><input name="to" placeholder="To" required><input name="subject" placeholder="Subject" required><button>Send from ${text(mailbox)}</button></form>
        <form method="post" action="/logout"><button>Sign out</button></form>`,
      );
    },
    'GET /login': async (_, response) => {
      const it = { codeVerifier: oidc.randomPKCECodeVerifier(), state: oidc.randomState(), nonce: oidc.randomNonce() };
      pending.set(it.state, it);
      const to = oidc.buildAuthorizationUrl(await provider(), {
        redirect_uri: `${url}/callback`,
        scope: 'openid profile email',
        code_challenge: await oidc.calculatePKCECodeChallenge(it.codeVerifier),
        code_challenge_method: 'S256',
        state: it.state,
        nonce: it.nonce,
      });
      redirect(response, to.href, `pending=${it.state}`);
    },
    'GET /callback': async (request, response) => {
      const here = new URL(request.url ?? '/', url);
      const it = pending.get(cookieOf(request, 'pending'));
      if (it === undefined)
        return show(response, 400, '<p>This sign-in was not begun here. <a href="/login">Sign in</a></p>');
      pending.delete(it.state);
      const tokens = await oidc.authorizationCodeGrant(await provider(), here, {
        pkceCodeVerifier: it.codeVerifier,
        expectedState: it.state,
        expectedNonce: it.nonce,
      });
      const id = randomUUID();
      sessions.set(id, {
        accessToken: tokens.access_token,
        subject: tokens.claims()?.sub ?? '',
        idToken: tokens.id_token ?? '',
      });
      redirect(response, '/', `session=${id}`);
    },
    'POST /send': async (request, response) => {
      if (!sessions.has(cookieOf(request))) return redirect(response, '/login');
      const form = new URLSearchParams(await body(request));
      const message = {
        mailbox: settings().mailbox,
        to: [form.get('to') ?? ''],
        subject: form.get('subject') ?? '',
        text: 'Sent by the demo product.',
      };
      await api()('messages.send', {
        connection: settings().connection,
        body: message,
        idempotencyKey: form.get('key') ?? randomUUID(),
      });
      redirect(response, '/');
    },
    'POST /webhook': async (request, response) => {
      const sent = await body(request);
      if (!isSigned(request, sent, settings().webhookSecret())) return show(response, 401, 'not signed');
      events.set(String(request.headers['webhook-id']), JSON.parse(sent).data);
      response.writeHead(204).end();
    },
    'POST /logout': async (request, response) => {
      const session = sessions.get(cookieOf(request));
      sessions.delete(cookieOf(request));
      if (session === undefined) return redirect(response, '/');
      redirect(
        response,
        oidc.buildEndSessionUrl(await provider(), {
          id_token_hint: session.idToken,
          post_logout_redirect_uri: `${url}/`,
        }).href,
      );
    },
  };

  const server = createServer((request, response) => {
    const page = pages[`${request.method} ${request.url?.split('?')[0]}`];
    if (page === undefined) return show(response, 404, '<p>Nothing here.</p>');
    page(request, response).catch((error: unknown) =>
      show(response, 500, `<h1>That did not work</h1><p>${text(String(error))}</p>`),
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  url = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    url,
    events,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Standard Webhooks: `v1,` and the HMAC-SHA256 of id, timestamp and body. */
function isSigned(request: IncomingMessage, sent: string, secret: string): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = request.headers;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const expected = Buffer.from(`v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${sent}`).digest('base64')}`);
  const given = Buffer.from(String(signature));
  return (
    given.length === expected.length &&
    timingSafeEqual(given, expected) &&
    Math.abs(Date.now() / 1000 - Number(timestamp)) < 300
  );
}

const cookieOf = (request: IncomingMessage, name = 'session') =>
  new RegExp(`(?:^|; )${name}=([^;]*)`).exec(request.headers.cookie ?? '')?.[1] ?? '';
const text = (value: unknown) => String(value ?? '').replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
const list = (items: string[]) => items.map((item) => `<li>${text(item)}</li>`).join('');
const redirect = (response: ServerResponse, to: string, cookie?: string) =>
  void response
    .writeHead(303, {
      location: to,
      ...(cookie === undefined ? {} : { 'set-cookie': `${cookie}; Path=/; HttpOnly; SameSite=Lax` }),
    })
    .end();
const show = (response: ServerResponse, status: number, html: string) =>
  void response
    .writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'none'" })
    .end(`<!doctype html><meta name="viewport" content="width=device-width"><title>Fabulous Products</title>${html}`);
const body = async (request: IncomingMessage) => Buffer.concat(await request.toArray()).toString();
