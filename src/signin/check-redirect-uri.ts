import { authorityOf, cloudOf, type EntraWorld, type LiveConnection } from '#connections';
import type { Check } from '#contract';
import {
  appRegistrationLink,
  authorizationUrl,
  DiscoveryError,
  explainAadsts,
  newSignInRequest,
  readAadstsCode,
} from '#entra';
import { callbackOf } from './relying-party/sign-in-request.ts';

const about = {
  name: 'signin.redirect-uri',
  title: 'Redirect URI',
  matters: 'Microsoft Entra sends people back only to addresses that the app registration lists, letter by letter.',
};
/** Enough of a page of Microsoft's to find its code in. */
const longestPage = 200_000;

/**
 * Asks Microsoft Entra for a sign-in without a page (`prompt=none`), as nobody. Where the app registration knows our redirect
 * URI the answer is a redirect to it (AADSTS50058, nobody is signed in); where it does not, a page says so (AADSTS50011).
 */
export async function checkRedirectUri(world: EntraWorld, { id, settings }: LiveConnection): Promise<readonly Check[]> {
  if (!settings.signIn) return [];
  const cloud = cloudOf(world, settings.cloud);
  const { clientId } = settings;
  const redirectUri = callbackOf(world.config.url, id);
  const link = clientId === null ? null : (appRegistrationLink(cloud, clientId, 'authentication') ?? null);
  if (clientId === null) {
    return [
      { ...about, outcome: 'waiting', saw: 'The Application (client) ID is missing.', next: 'Fill it in.', link },
    ];
  }
  try {
    const tenant = await world.entra.tenants.resolve({ cloud, tenant: authorityOf(settings) });
    const url = authorizationUrl({ ...newSignInRequest(), tenant, clientId, redirectUri, prompt: 'none' });
    const answer = await world.fetch(url, { redirect: 'manual', headers: { accept: 'text/html' } });
    const location = answer.headers.get('location') ?? '';
    const text = (await answer.text()).slice(0, longestPage);
    if (location.startsWith(`${redirectUri}?`)) {
      return [
        { ...about, outcome: 'passed', saw: `The app registration lists ${redirectUri}.`, next: null, link: null },
      ];
    }
    return [await refused(readAadstsCode(text) ?? readAadstsCode(location), redirectUri, link)];
  } catch (error) {
    const unreachable = error instanceof DiscoveryError || error instanceof TypeError;
    if (!unreachable) throw error;
    return [
      {
        ...about,
        outcome: 'waiting',
        saw: `Microsoft did not answer: ${error.message}.`,
        next: 'Try again.',
        link: null,
      },
    ];
  }
}

async function refused(code: number | undefined, redirectUri: string, link: string | null): Promise<Check> {
  if (code === 50011) {
    return {
      ...about,
      outcome: 'failed',
      saw: `The app registration does not list ${redirectUri} (AADSTS50011).`,
      next: `Add it under Authentication > Add a platform > Web, exactly as it stands here.`,
      link,
    };
  }
  const found = code === undefined ? undefined : await explainAadsts(code);
  if (found?.known === true) {
    return { ...about, outcome: 'failed', saw: `${found.code}: ${found.cause}.`, next: `${found.action}.`, link };
  }
  return {
    ...about,
    outcome: 'warning',
    saw: 'Microsoft showed a page instead of sending the browser back, without saying why.',
    next: 'Test a sign-in: it shows whether Microsoft sends people back.',
    link,
  };
}
