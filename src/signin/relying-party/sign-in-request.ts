import { createHash, randomBytes } from 'node:crypto';
import { type EntraWorld, redirectUrisOf } from '#connections';
import type { ConnectionSettings } from '#contract';
import { authorizationUrl, newSignInRequest } from '#openid';
import { becomesDue, only, type Transaction } from '#store';
import { purgeEveryMs } from '../purge.ts';
import {
  consumeSignInRequest,
  findSignInRequest,
  insertSignInRequest,
  keepAnswer,
} from '../queries/sign-in-request.ts';
import { refusalOf, SignInRefused } from '../sign-in-refused.ts';
import { type Asked, claimsRequest } from './step-up.ts';
import { upstreamOf } from './upstream.ts';

/** How long a person may take at Microsoft. */
export const signInMs = 600_000;

/** By what a person signs in: a connection with the settings that hold, and the test it is done for. */
export interface SignInTarget {
  organizationId: string;
  connectionId: string;
  settings: ConnectionSettings;
  /** The test sign-in that this is; null: a real one. */
  testId: string | null;
}

/** What a browser is sent to the provider for: whom it is to ask, for what, and where the browser goes afterwards. */
export interface AskedOfProvider extends Asked {
  returnTo: string;
  loginHint?: string | undefined;
  domainHint?: string | undefined;
}

/** A sign-in that came back from the provider, as it was written down when it started. */
export interface StartedSignIn extends SignInTarget {
  /** SHA-256 of its state, the key of its row. */
  id: string;
  state: string;
  nonce: string;
  codeVerifier: string;
  returnTo: string;
  asked: Asked;
  /** Epoch milliseconds. */
  startedAt: number;
  /** What the provider posted, where it answers by form_post. */
  posted: URLSearchParams | undefined;
}

/** SHA-256, for what is found or compared by its hash. */
const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** The cookie that ties sign-ins under way to the browser that started them. */
export const browserCookie = '__Host-portico_signin';

/** What a browser brought in that cookie, where it has the form of our values. */
export const browserOf = (cookie: string | undefined): string | undefined =>
  cookie !== undefined && /^[A-Za-z0-9_-]{43}$/.test(cookie) ? cookie : undefined;

/** A new value for the cookie that ties sign-ins to a browser. */
export const newBrowser = (): string => randomBytes(32).toString('base64url');

/** **The** redirect URI of a connection. */
export const callbackOf = (publicUrl: string, connectionId: string): string =>
  redirectUrisOf(publicUrl, connectionId)[0]?.uri ?? '';

const placeOf = (organizationId: string, id: string, column: 'code_verifier' | 'answer' = 'code_verifier') => ({
  table: 'sign_in_request',
  organizationId,
  id,
  column,
});

/**
 * Prepares a sign-in, tied to the browser: gives the address at the provider to send it to, and what writes it down, which has
 * to be done before the browser goes there.
 */
export async function prepareSignIn(
  world: EntraWorld,
  target: SignInTarget,
  asked: AskedOfProvider & { browser: string },
): Promise<{ location: string; write(tx: Transaction): Promise<void> }> {
  const { organizationId, connectionId, settings } = target;
  const { clientId } = settings;
  const noTenant = settings.accountType === 'oneTenant' && settings.tenantId === null;
  if (clientId === null || (settings.provider === 'entra' ? noTenant : settings.metadataUrl === null)) {
    throw new SignInRefused('not_configured', { detail: 'provider, tenant or client id are missing' });
  }
  const upstream = await upstreamOf(world, settings).catch((error: unknown) => {
    throw refusalOf(error);
  });
  const { prompt, maxAge, contexts, challenge, linksTo } = asked;
  const request = newSignInRequest();
  const id = hashOf(request.state);
  const at = world.now();
  const row = {
    organizationId,
    id,
    connectionId,
    browser: hashOf(asked.browser),
    nonce: request.nonce,
    codeVerifier: world.sealer.seal(request.codeVerifier, placeOf(organizationId, id)),
    settings: JSON.stringify(settings),
    returnTo: asked.returnTo,
    testId: target.testId,
    asked: JSON.stringify({ prompt, maxAge, contexts, challenge, linksTo }),
    at,
    expiresAt: at + signInMs,
  };
  const write = async (tx: Transaction): Promise<void> => {
    await tx.run(insertSignInRequest, row);
    // One in 64 sees to it that old rows go: a row that every sign-in wrote would make them queue.
    if (id.startsWith('A'))
      await becomesDue(tx, { kind: 'signin.purge', organizationId, subject: '', in: purgeEveryMs });
  };
  const isEntra = settings.provider === 'entra';
  const location = authorizationUrl({
    ...request,
    provider: upstream,
    clientId,
    redirectUri: callbackOf(world.config.url, connectionId),
    scopes: upstream.scopes,
    responseType: settings.responseType,
    // Other providers need not know the parameter, and answer a code by query of themselves.
    responseMode: isEntra || settings.responseMode !== 'query' ? settings.responseMode : undefined,
    loginHint: asked.loginHint,
    domainHint: isEntra ? asked.domainHint : undefined,
    prompt,
    // The standard way to be told when that was (OpenID Connect Core §3.1.2.1); Microsoft is asked by claims.
    maxAge: !isEntra && prompt === 'login' ? 0 : maxAge,
    acrValues: isEntra ? undefined : contexts?.join(' ') || undefined,
    claims: claimsRequest(settings, asked),
  });
  return { location, write };
}

/** Writes a sign-in down, tied to the browser, and gives the address at the provider to send it to. */
export async function startSignIn(...given: Parameters<typeof prepareSignIn>): Promise<string> {
  const [world] = given;
  const { location, write } = await prepareSignIn(...given);
  await world.store.write(write);
  return location;
}

/**
 * Keeps an answer that the provider's page posted, sealed, until the browser comes for it with its cookies: the post is
 * cross-site and brings none. What it holds never stands in an address. The first one counts.
 */
export async function keepPosted(
  world: EntraWorld,
  of: { organizationId: string; connectionId: string },
  state: string,
  parameters: URLSearchParams,
): Promise<void> {
  const id = hashOf(state);
  const answer = world.sealer.seal(parameters.toString(), placeOf(of.organizationId, id, 'answer'));
  await world.store.write((tx) => tx.run(keepAnswer, { ...of, id, answer, now: world.now() }));
}

/**
 * Finds the sign-in that an answer belongs to, and leaves it as it is. Throws {@link SignInRefused} where it is none of ours,
 * of another browser, too old or used.
 */
export async function findSignIn(
  world: EntraWorld,
  of: { organizationId: string; connectionId: string },
  state: string | null,
  browser: string | undefined,
): Promise<StartedSignIn> {
  if (state === null || state === '') throw new SignInRefused('state_missing');
  const { organizationId, connectionId } = of;
  const id = hashOf(state);
  const row = only(await world.store.read(findSignInRequest, { organizationId, connectionId, id }));
  if (row === undefined) throw new SignInRefused('state_unknown');
  if (browser === undefined) throw new SignInRefused('cookies_blocked');
  if (row.browser !== hashOf(browser)) throw new SignInRefused('other_browser');
  if (row.consumed_at !== null) throw new SignInRefused('state_used');
  if (row.expires_at <= world.now()) throw new SignInRefused('state_expired');
  return {
    organizationId,
    connectionId,
    id,
    state,
    nonce: row.nonce,
    codeVerifier: world.sealer.open(row.code_verifier, placeOf(organizationId, id)),
    settings: JSON.parse(row.settings),
    returnTo: row.return_to,
    testId: row.test_id,
    asked: JSON.parse(row.asked),
    startedAt: row.created_at,
    posted:
      row.answer === null
        ? undefined
        : new URLSearchParams(world.sealer.open(row.answer, placeOf(organizationId, id, 'answer'))),
  };
}

/** Uses a sign-in up, once. Throws {@link SignInRefused}. */
export async function takeSignIn(
  world: EntraWorld,
  { organizationId, connectionId, id }: Pick<StartedSignIn, 'organizationId' | 'connectionId' | 'id'>,
): Promise<void> {
  const at = world.now();
  const consumed = await world.store.write((tx) =>
    tx.run(consumeSignInRequest, { organizationId, connectionId, id, at }),
  );
  if (consumed.length === 0) throw new SignInRefused('state_used');
}
