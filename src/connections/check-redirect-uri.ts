import type { Check } from '#contract';
import { appRegistrationLink, DiscoveryError, explainAadsts, readAuthorizationError } from '#entra';
import { authorizationUrl, newSignInRequest } from '#openid';
import { type LiveConnection, redirectUrisOf } from './connection.ts';
import type { EntraWorld } from './entra-world.ts';
import { authorityOf } from './settings.ts';
import { cloudOf } from './starting-point.ts';

const about = {
  name: 'entra.redirectUri',
  title: 'Redirect URI',
  matters:
    'After signing in Microsoft Entra sends people only to addresses that are registered, compared letter by letter.',
};

/**
 * Asks for a sign-in without anybody to sign in (`prompt=none`): where the redirect URI is registered Microsoft Entra sends
 * the refusal back to it, else it keeps it on a page of its own (entra-docs v2-oauth2-auth-code-flow.md).
 */
export async function checkRedirectUri(
  world: EntraWorld,
  connection: LiveConnection,
): Promise<Check | readonly Check[]> {
  const { id, settings } = connection;
  const { clientId } = settings;
  const uri = redirectUrisOf(world.config.url, id).find(({ platform }) => platform === 'web')?.uri;
  if (!settings.signIn || settings.provider !== 'entra' || clientId === null || uri === undefined) return [];
  const cloud = cloudOf(world, settings.cloud);
  const answer = await ask(world, connection, clientId, uri);
  if (answer === undefined) {
    const saw = 'Not seen: Microsoft Entra has to answer first.';
    return { ...about, outcome: 'waiting', saw, next: null, link: null };
  }
  const back = URL.parse(answer.location);
  if (back !== null && `${back.origin}${back.pathname}` === uri) {
    const refusal = readAuthorizationError(back.searchParams);
    const saw = `Microsoft Entra sends people back to ${uri}.`;
    if (refusal === undefined || nobodyThere.includes(refusal.error))
      return { ...about, outcome: 'passed', saw, next: null, link: null };
    const remedy = await remedyOf(refusal.codes[0]);
    return { ...about, outcome: 'warning', saw: `${saw} It also says: ${refusal.message}.`, next: remedy, link: null };
  }
  const code = Number(/AADSTS(\d{4,8})/.exec(answer.text)?.[1] ?? 0);
  const link = appRegistrationLink(cloud, clientId, 'authentication') ?? null;
  if (code === 50011 || code === 500113) {
    return {
      ...about,
      outcome: 'failed',
      saw: `${uri} is not registered (AADSTS${code}).`,
      next: `Add it under Authentication > Web > Redirect URIs, exactly as it stands here: ${uri}`,
      link,
    };
  }
  return {
    ...about,
    outcome: 'waiting',
    saw:
      code === 0
        ? `Microsoft Entra answered with a page (HTTP ${answer.status}) that does not tell.`
        : `Not seen: Microsoft Entra refuses with AADSTS${code} before it looks at the redirect URI.`,
    next: code === 0 ? 'Test a sign-in.' : await remedyOf(code),
    link: code === 0 ? null : link,
  };
}

/** Nobody is signed in in a request without cookies; that is no fault. */
const nobodyThere: readonly string[] = ['login_required', 'interaction_required'];

async function ask(
  world: EntraWorld,
  { settings }: LiveConnection,
  clientId: string,
  redirectUri: string,
): Promise<{ status: number; location: string; text: string } | undefined> {
  try {
    const cloud = cloudOf(world, settings.cloud);
    const tenant = await world.entra.tenants.resolve({ cloud, tenant: authorityOf(settings) });
    const url = authorizationUrl({ ...newSignInRequest(), provider: tenant, clientId, redirectUri, prompt: 'none' });
    const answer = await world.fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(10_000) });
    return {
      status: answer.status,
      location: answer.headers.get('location') ?? '',
      text: (await answer.text()).slice(0, 200_000),
    };
  } catch (error) {
    if (error instanceof DiscoveryError || isNetworkFault(error)) return undefined;
    throw error;
  }
}

/** What fetch throws where no answer came in time. */
const isNetworkFault = (error: unknown): boolean =>
  error instanceof TypeError || (error instanceof Error && ['TimeoutError', 'AbortError'].includes(error.name));

async function remedyOf(code: number | undefined): Promise<string | null> {
  const found = code === undefined ? undefined : await explainAadsts(code);
  return found?.known === true ? `${found.cause}. ${found.action}.` : null;
}
