import type { Check, ConnectionSettings } from '#contract';
import { appRegistrationLink, appRegistrationsLink, EntraError } from '#entra';
import { Problem } from '#http';
import type { LiveConnection } from './connection.ts';
import type { EntraWorld } from './entra-world.ts';
import { daysUntil } from './expiry.ts';
import { openSecrets, proveSecret, refusalProblem } from './present-secret.ts';
import { listSecrets } from './queries/secret.ts';
import { appTenantOf } from './settings.ts';
import { cloudOf } from './starting-point.ts';

const about = {
  name: 'entra.secret',
  matters: 'By the client secret Portico proves to Microsoft Entra who it is, at each sign-in and for mail.',
};
/** Microsoft Entra refuses a secret made just now for some seconds. */
const spreadingMs = 60_000;
const soonDays = 30;

/** Asks for a token with each client secret, past any cache. */
export async function checkSecrets(world: EntraWorld, connection: LiveConnection): Promise<readonly Check[]> {
  const { organizationId, id, settings } = connection;
  if (!settings.signIn && !settings.mailOut && !settings.mailIn) return [];
  const [stored, usable] = await Promise.all([
    world.store.read(listSecrets, { organizationId, connectionId: id, after: '', limit: 1000 }),
    openSecrets(world, organizationId, id),
  ]);
  // One that was replaced may be gone at Microsoft, and is only for sign-ins under way.
  const open = usable.filter(({ state }) => state !== 'previous');
  if (open.length === 0) {
    return [
      {
        ...about,
        title: 'Client secret',
        outcome: 'failed',
        saw: 'This connection has no client secret.',
        next: 'Make one under Certificates & secrets and paste its Value here.',
        link: secretsPage(world, settings),
      },
    ];
  }
  return Promise.all(
    open.flatMap(({ id, value }, index) => {
      const row = stored.find((it) => it.id === id);
      return row === undefined ? [] : [checkSecret(world, settings, { ...row, value, presented: index === 0 })];
    }),
  );
}

interface Tried {
  name: string;
  hint: string;
  value: string;
  expires_at: number | null;
  created_at: number;
  /** Whether this is the one that Portico presents now. */
  presented: boolean;
}

async function checkSecret(world: EntraWorld, settings: ConnectionSettings, secret: Tried): Promise<Check> {
  const title = `Client secret ${secret.hint}… (${secret.name}, ${secret.presented ? 'in use' : 'waiting'})`;
  const check = { ...about, title, link: secretsPage(world, settings) };
  if (appTenantOf(settings) === null) {
    return {
      ...check,
      outcome: 'waiting',
      saw: 'It can be tried only where a tenant is named: an app acts as itself in one tenant at a time.',
      next: 'Test a sign-in: it presents the secret too.',
      link: null,
    };
  }
  try {
    await proveSecret(world, settings, secret.value);
  } catch (error) {
    if (error instanceof EntraError) return refused(world, error, settings, secret, check);
    if (error instanceof Problem)
      return { ...check, outcome: 'waiting', saw: `${error.message}.`, next: error.details.remedy ?? null };
    throw error;
  }
  if (secret.expires_at === null) {
    const next = 'Set the secret again with its end (column Expires), so that it can be announced in time.';
    return { ...check, outcome: 'passed', saw: 'Microsoft Entra gave a token for it. Its end is not known.', next };
  }
  const days = daysUntil(secret.expires_at, world.now());
  const saw = `Microsoft Entra gave a token for it. It ends in ${days} days.`;
  if (days > soonDays) return { ...check, outcome: 'passed', saw, next: null, link: null };
  const next = 'Make a second secret and switch to it; the old one stays valid meanwhile.';
  return { ...check, outcome: 'warning', saw, next };
}

async function refused(
  world: EntraWorld,
  error: EntraError,
  settings: ConnectionSettings,
  secret: Tried,
  check: Pick<Check, 'name' | 'title' | 'matters' | 'link'>,
): Promise<Check> {
  const { problem, details } = await refusalProblem(error, settings);
  const next = details.remedy ?? null;
  if (problem === 'upstream-unreachable')
    return { ...check, outcome: 'waiting', saw: sentence(details.detail), next, link: null };
  const code = error.codes[0] === undefined ? error.error : `AADSTS${error.codes[0]}`;
  const trail = error.correlationId === undefined ? '' : ` Correlation id ${error.correlationId}, ${error.timestamp}.`;
  const fresh = error.codes.includes(7000215) && world.now() - secret.created_at < spreadingMs;
  const wait = fresh ? ' A secret made just now is refused for some seconds: then repeat this in a minute.' : '';
  return {
    ...check,
    outcome: secret.presented ? 'failed' : 'warning',
    saw: `Refused with ${code}: ${sentence(details.detail)}${trail}`,
    next: `${next === null ? '' : sentence(next)}${wait}`.trim() || null,
    link: isAboutClient(error) ? (appRegistrationsLink(cloudOf(world, settings.cloud)) ?? null) : check.link,
  };
}

const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

const isAboutClient = (error: EntraError): boolean =>
  error.codes.includes(700016) || error.codes.includes(700038) || error.codes.includes(7000229);

const secretsPage = (world: EntraWorld, settings: ConnectionSettings): string | null => {
  const cloud = cloudOf(world, settings.cloud);
  const page = settings.clientId === null ? undefined : appRegistrationLink(cloud, settings.clientId, 'secrets');
  return page ?? appRegistrationsLink(cloud) ?? null;
};
