import { setTimeout } from 'node:timers/promises';
import type { Check, ConnectionSettings } from '#contract';
import { appRegistrationLink, appRegistrationsLink, EntraError } from '#entra';
import { Problem } from '#http';
import { ProviderError } from '#openid';
import { clientProofsOf, type UsableProof } from './client-proofs.ts';
import type { LiveConnection } from './connection.ts';
import type { EntraWorld } from './entra-world.ts';
import { daysUntil } from './expiry.ts';
import { proveClient, refusalProblem } from './prove-client.ts';
import { appTenantOf } from './settings.ts';
import { cloudOf } from './starting-point.ts';

const about = {
  name: 'entra.secret',
  matters: 'By it Portico proves to the provider who it is, at each sign-in and for mail.',
};
/** Microsoft Entra refuses a secret made just now for some seconds. */
const spreadingMs = 60_000;
const soonDays = 30;
/** A federated credential made just now is not known everywhere for some minutes (entra-docs workload-identity-federation.md). */
const [replicationTries, replicationPauseMs] = [3, 3000];
const notReplicated = [70021, 700211, 700213];

const titles = {
  secret: 'Client secret',
  secretBasic: 'Client secret',
  certificate: 'Certificate',
  federatedCredential: 'Federated credential',
} as const;

const nothingThere = {
  saw: {
    secret: 'This connection has no client secret.',
    secretBasic: 'This connection has no client secret.',
    certificate: 'This connection has no certificate.',
  },
  next: {
    secret: 'Make one under Certificates & secrets and paste its Value here.',
    secretBasic: 'Make one at the provider and paste it here.',
    certificate: 'Make one here under Secrets, and upload it at the provider.',
  },
} as const;

/** Proves each client secret or certificate that is in use or waits, or the federated credential, past any cache. */
export async function checkSecrets(world: EntraWorld, connection: LiveConnection): Promise<readonly Check[]> {
  const { settings } = connection;
  const { clientAuthentication } = settings;
  if (!settings.signIn && !settings.mailOut && !settings.mailIn) return [];
  // One that was replaced may be gone at the provider, and is only for sign-ins under way.
  const usable = (await clientProofsOf(world, connection)).filter(({ state }) => state !== 'previous');
  if (usable.length === 0 && clientAuthentication !== 'federatedCredential') {
    return [
      {
        ...about,
        title: titles[clientAuthentication],
        outcome: 'failed',
        saw: nothingThere.saw[clientAuthentication],
        next: nothingThere.next[clientAuthentication],
        link: secretsPage(world, settings),
      },
    ];
  }
  return Promise.all(usable.map((it, index) => checkSecret(world, connection, { ...it, presented: index === 0 })));
}

/** `presented`: whether this is the one that Portico presents now. */
type Tried = UsableProof & { presented: boolean };

async function checkSecret(world: EntraWorld, connection: LiveConnection, secret: Tried): Promise<Check> {
  const { settings } = connection;
  const kind = titles[settings.clientAuthentication];
  const known = `${kind} ${secret.hint}… (${secret.name}, ${secret.presented ? 'in use' : 'waiting'})`;
  const check = { ...about, title: secret.name === '' ? kind : known, link: secretsPage(world, settings) };
  if (settings.provider === 'entra' && appTenantOf(settings) === null) {
    return {
      ...check,
      outcome: 'waiting',
      saw: 'It can be tried only where a tenant is named: an app acts as itself in one tenant at a time.',
      next: 'Test a sign-in: it presents it too.',
      link: null,
    };
  }
  try {
    await proveWithPatience(world, connection, secret);
  } catch (error) {
    if (error instanceof ProviderError) return refused(world, error, settings, secret, check);
    if (error instanceof Problem)
      return { ...check, outcome: 'waiting', saw: `${error.message}.`, next: error.details.remedy ?? null };
    throw error;
  }
  const taken =
    settings.provider === 'entra' ? 'Microsoft Entra gave a token for it.' : 'The provider takes it for the client’s.';
  if (secret.expiresAt === null) {
    if (settings.clientAuthentication === 'federatedCredential' || settings.provider === 'openid')
      return { ...check, outcome: 'passed', saw: taken, next: null, link: null };
    const next = 'Set the secret again with its end (column Expires), so that it can be announced in time.';
    return { ...check, outcome: 'passed', saw: `${taken} Its end is not known.`, next };
  }
  const days = daysUntil(secret.expiresAt, world.now());
  const saw = `${taken} It ends in ${days} days.`;
  if (days > soonDays) return { ...check, outcome: 'passed', saw, next: null, link: null };
  const next = 'Make a second one and switch to it; the old one stays valid meanwhile.';
  return { ...check, outcome: 'warning', saw, next };
}

async function proveWithPatience(world: EntraWorld, connection: LiveConnection, { proof }: Tried): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await proveClient(world, connection, proof);
    } catch (error) {
      const early = error instanceof EntraError && error.codes.some((it) => notReplicated.includes(it));
      if (!early || attempt >= replicationTries) throw error;
      await setTimeout(replicationPauseMs);
    }
  }
}

async function refused(
  world: EntraWorld,
  error: ProviderError,
  settings: ConnectionSettings,
  secret: Tried,
  check: Pick<Check, 'name' | 'title' | 'matters' | 'link'>,
): Promise<Check> {
  const { problem, details } = await refusalProblem(error, settings);
  const next = details.remedy ?? null;
  if (problem === 'upstream-unreachable')
    return { ...check, outcome: 'waiting', saw: sentence(details.detail), next, link: null };
  const codes = error instanceof EntraError ? error.codes : [];
  if (settings.provider === 'openid' && !isAboutProof(error)) {
    const saw = `The provider answered ${sentence(error.message)} That does not tell whether it takes it.`;
    return { ...check, outcome: 'waiting', saw, next: 'Test a sign-in: it presents it too.', link: null };
  }
  const code = codes[0] === undefined ? error.error : `AADSTS${codes[0]}`;
  const trail =
    error instanceof EntraError && error.correlationId !== undefined
      ? ` Correlation id ${error.correlationId}, ${error.timestamp}.`
      : '';
  const fresh = codes.includes(7000215) && world.now() - secret.createdAt < spreadingMs;
  const wait = fresh ? ' A secret made just now is refused for some seconds: then repeat this in a minute.' : '';
  const early = codes.some((it) => notReplicated.includes(it))
    ? ' A federated credential made just now is known everywhere only after some minutes: then repeat this.'
    : '';
  return {
    ...check,
    outcome: secret.presented ? 'failed' : 'warning',
    saw: `Refused with ${code}: ${sentence(details.detail)}${trail}`,
    next: `${next === null ? '' : sentence(next)}${wait}${early}`.trim() || null,
    link: isAboutClient(codes) ? (appRegistrationsLink(cloudOf(world, settings.cloud)) ?? null) : check.link,
  };
}

/** RFC 6749 §5.2: the client is not known, did not prove itself, or may not. */
const isAboutProof = ({ error, httpStatus }: ProviderError): boolean =>
  httpStatus === 401 || error === 'invalid_client' || error === 'unauthorized_client';

const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

const isAboutClient = (codes: readonly number[]): boolean =>
  codes.some((code) => code === 700016 || code === 700038 || code === 7000229);

const secretsPage = (world: EntraWorld, settings: ConnectionSettings): string | null => {
  if (settings.provider === 'openid') return null;
  const cloud = cloudOf(world, settings.cloud);
  const page = settings.clientId === null ? undefined : appRegistrationLink(cloud, settings.clientId, 'secrets');
  return page ?? appRegistrationsLink(cloud) ?? null;
};
