import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { EntraWorld } from '#connections';
import { recordFailedAuthentication, waitAfterFailures } from '#events';
import { html, type Source, setCookie, sourceOf } from '#http';
import type { World } from '#store';
import { endOwnSession, sessionCookie } from '../sessions/session.ts';
import { createAdapter } from './adapter.ts';
import { beginSeeing, type Seen } from './browser-session.ts';
import { ownClientOf } from './client-metadata.ts';
import { judgeSecret } from './client-secrets.ts';
import { configuration } from './configuration.ts';
import { registerExchange } from './exchange-token.ts';
import { resumeCookie } from './interaction.ts';
import { issuerOf, providerPath } from './issuer.ts';
import { providerPages } from './provider-pages.ts';
import { endReused } from './reused.ts';
import { showPage } from './show-page.ts';
import type { SigningKey } from './signing-key.ts';
import { goStraight } from './straight-to-connection.ts';
import { keepingSecret } from './this-browser.ts';
import { writeAtEnd } from './write-at-end.ts';

/**
 * What only forms of our own pages send, as the library's router reads a path. Their hidden value does not tell: it is of the
 * provider's session, whose cookie another host of the domain can set.
 */
const ownForm = /^\/(device|session\/end\/confirm)\/?$/i;

type Asking = Pick<KoaContextWithOIDC, 'req'>;

/** One instance of the library, with these keys, as a listener on Node's own request and response. */
export async function createInstance(world: EntraWorld, keys: readonly SigningKey[]): Promise<RequestListener> {
  const { Provider, errors, interactionPolicy } = await import('oidc-provider');
  const publicUrl = new URL(world.config.url);
  const sources = new WeakMap<IncomingMessage, Source>();
  const looked = new WeakMap<IncomingMessage, Seen>();
  /** What is said to operators of a secret that is right and over: the product learns `invalid_client` and nothing else. */
  const ended = new WeakMap<IncomingMessage, string>();
  const seenBy = ({ req }: Asking): Seen => {
    const seen = looked.get(req) ?? beginSeeing(world, req.headers.cookie, true);
    looked.set(req, seen);
    return seen;
  };
  const seenNow = (): Seen => {
    const ctx = Provider.ctx;
    return ctx === undefined ? beginSeeing(world, undefined, false) : seenBy(ctx);
  };
  const sourceOfRequest = ({ req }: Asking): Source => {
    const source = sources.get(req) ?? sourceOf(req, world.config, world.now);
    sources.set(req, source);
    return source;
  };

  const pages = providerPages(
    world,
    (ctx) => sourceOfRequest(ctx).requestId,
    (ctx) => {
      seenBy(ctx).guessed = true;
    },
    async (ctx) => (await seenBy(ctx).browser())?.accountId,
  );
  const provider = new Provider(issuerOf(world), {
    adapter: (kind) => createAdapter(world, kind, seenNow, errors),
    ...configuration(world, {
      keys,
      https: publicUrl.protocol === 'https:',
      seen: seenBy,
      pages,
      errors,
      prompts: interactionPolicy,
    }),
  });
  provider.Client.prototype.compareClientSecret = function (presented) {
    const own = ownClientOf(this);
    const judged = judgeSecret(own?.secrets ?? [], presented, world.now());
    const req = Provider.ctx?.req;
    if (typeof judged === 'object' && own !== undefined && req !== undefined)
      ended.set(req, `the secret ${judged.ended.id} of ${own.name} ended on ${dateOf(judged.ended.expiresAt)}`);
    return judged === 'right';
  };
  // Every id token names the session, by which a product is told that it is over (OpenID Connect Back-Channel Logout 1.0).
  Object.assign(provider.Client.prototype, { includeSid: () => true });
  // The library throws where its first page in a browser is one that tells of a fault: that session was never saved.
  const { persist } = provider.Session.prototype;
  provider.Session.prototype.persist = async function () {
    return this.exp === undefined ? '' : persist.call(this);
  };
  registerExchange(world, provider, seenBy, errors);
  // Forwarded headers are our own, set below from PORTICO_URL.
  provider.proxy = true;
  provider.on('server_error', (ctx: KoaContextWithOIDC, error: Error) => {
    world.log.error({ error, requestId: sourceOfRequest(ctx).requestId }, 'the provider failed');
  });
  provider.on('grant.revoked', (ctx, grantId) => {
    seenBy(ctx).revoked = grantId;
  });
  provider.use(async (ctx, next) => {
    const source = sourceOfRequest(ctx);
    const resumed = /^\/auth\/([\w-]+)$/.exec(ctx.path)?.[1];
    if (resumed !== undefined) resumeByPath(ctx.cookies, resumed);
    ctx.set('x-request-id', source.requestId);
    const form = ctx.method === 'POST' ? ownForm.exec(ctx.path)?.[1]?.toLowerCase() : undefined;
    if (form !== undefined && ctx.get('origin') !== world.config.url) return notFromHere(ctx);
    // Codes of devices are short: who guessed too often waits, also with a right one.
    const wait = form === 'device' ? await waitAfterFailures(world, 'device code', source.address) : 0;
    if (wait > 0) return tooMany(ctx, wait);
    await next();
    const oidc = ctx as KoaContextWithOIDC;
    if (await endsUnasked(oidc, seenBy(ctx))) await pages.logout.logoutSource?.(oidc, logoutForm(oidc));
    await goStraight(world, oidc, seenBy(ctx), source);
    if (seenBy(ctx).secretNeeded) ctx.append('set-cookie', keepingSecret(seenBy(ctx).secret));
    const lost = await writeAtEnd(world, oidc, seenBy(ctx), pages);
    if (ctx.status >= 400) await endReused(world, oidc, seenBy(ctx), source, lost);
    if (seenBy(ctx).guessed || (ctx.status === 401 && !seenBy(ctx).tokenKnown))
      await limitFailures(world, ctx, source, ended.get(ctx.req));
    if (ctx.status === 303 && ctx['oidc']?.route === 'end_session_confirm') {
      const over = provider.urlFor('end_session_success');
      await endWithProvider(world, ctx as KoaContextWithOIDC, seenBy(ctx), source, over);
    }
  });

  const answer = provider.callback();
  return (req: IncomingMessage, res: ServerResponse) => {
    const url = req.url ?? '';
    Object.assign(req, { originalUrl: url, url: url.slice(providerPath.length) || '/' });
    req.headers.host = publicUrl.host;
    req.headers['x-forwarded-proto'] = publicUrl.protocol.slice(0, -1);
    req.headers['x-forwarded-host'] = publicUrl.host;
    void answer(req, res);
  };
}

/**
 * The library knows by a cookie with the path of an interaction that the browser is the one it sent away. By then our door has
 * not sent it back, and it brings none: what is bound to the browser is the interaction itself, by a cookie that nobody can toss
 * in (`this-browser.ts`).
 */
function resumeByPath(cookies: Pick<KoaContextWithOIDC, 'cookies'>['cookies'], uid: string): void {
  const get = cookies.get.bind(cookies);
  cookies.get = (name, options) => (name === resumeCookie ? uid : get(name, options));
}

/** A wrong client secret, or a token that never was, is a failure to authenticate: an event, and a limit of the address. */
async function limitFailures(
  world: World,
  ctx: Pick<KoaContextWithOIDC, 'body' | 'path' | 'status' | 'set'>,
  source: Source,
  ended: string | undefined,
): Promise<void> {
  const said: unknown = ctx.body;
  const error =
    typeof said === 'object' && said !== null && 'error' in said ? String(said.error) : 'no such token or code';
  const wait = await recordFailedAuthentication(world, source, {
    door: ctx.path === '/device' ? 'device code' : 'oidc',
    why: `${error} at ${ctx.path}${ended === undefined ? '' : `: ${ended}; add another one to the client`}`,
  });
  if (wait > 0) tooMany(ctx, wait);
}

const dateOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** The library asks nobody where its own session is of no person; ours is what the answer ends, and it may be of one. */
const endsUnasked = async ({ oidc, status }: KoaContextWithOIDC, seen: Seen): Promise<boolean> =>
  oidc?.route === 'end_session' &&
  status === 200 &&
  oidc.session?.accountId === undefined &&
  (await seen.browser()) !== undefined;

/** The form that the library gives a page of ours to ask by. */
const logoutForm = ({ oidc }: KoaContextWithOIDC): string =>
  `<form id="op.logoutForm" method="post" action="${oidc.urlFor('end_session_confirm')}"><input type="hidden" name="xsrf" value="${String(oidc.session?.state?.['secret'])}"/></form>`;

async function notFromHere(ctx: Parameters<typeof showPage>[0]): Promise<void> {
  await showPage(ctx, {
    title: 'Not from here',
    body: html`<h1>Not from here</h1><p>The form was sent by another page, so nothing was done.</p>`,
  });
  ctx.status = 403;
}

function tooMany(ctx: Pick<KoaContextWithOIDC, 'body' | 'status' | 'set'>, wait: number): void {
  ctx.status = 429;
  ctx.set('retry-after', String(Math.ceil(wait / 1000)));
  ctx.body = { error: 'temporarily_unavailable', error_description: 'too many failed attempts from this address' };
}

/**
 * Who signs out of the provider signs out of Portico: its session is the one that all grants belong to. Without an address of
 * the product to go to, the person ends on our page, which offers to sign out of Microsoft as well.
 */
async function endWithProvider(
  world: World,
  ctx: KoaContextWithOIDC,
  seen: Seen,
  source: Source,
  over: string,
): Promise<void> {
  const { oidc } = ctx;
  if (oidc.params?.['logout'] === undefined) return;
  const session = await seen.browser();
  if (session === undefined || (oidc.session?.accountId ?? session.accountId) !== session.accountId) return;
  await endOwnSession(world, source, session, 'signed out');
  ctx.append('set-cookie', setCookie(sessionCookie, '', 0, 'Lax'));
  if (ctx.response.get('location') === over) ctx.redirect(`/login?signed-out=${session.connectionId}`);
}
