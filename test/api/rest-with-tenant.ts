import { ProblemAnswer, type ProblemDocument } from '#contract';
import type { Dialect } from '#store';
import { type TenantAdmin, tenantAdmin } from '../../demo/tenant.ts';
import { simulateEntra } from '../../simulator/index.ts';
import type { TestWorldOptions } from '../world.ts';
import { openRest, type Rest } from './rest.ts';

/** REST with a simulated tenant at the other end, and an organization to connect it to. */
export interface RestWithTenant extends Rest {
  tenantUrl: string;
  admin: TenantAdmin;
  organization: string;
}

/** Opens REST with the tenant Contoso of a simulator of its own. */
export async function openRestWithTenant(dialect: Dialect, options: TestWorldOptions = {}): Promise<RestWithTenant> {
  const { now } = options;
  const entra = await simulateEntra({ users: 5, groups: 1, ...(now === undefined ? {} : { now: () => now }) });
  const rest = await openRest(dialect, { ...options, settings: { PORTICO_SIMULATOR_URL: entra.url } });
  const { id: organization } = await rest.client()('organizations.create', { body: { name: 'Contoso' } });
  return {
    ...rest,
    tenantUrl: entra.url,
    admin: await tenantAdmin(entra.url, 'Contoso'),
    organization,
    close: async () => {
      await rest.close();
      await entra.close();
    },
  };
}

/** An app registration as the setup plan of a connection asks for it. */
export const registerApp = (rest: RestWithTenant, secret: Record<string, unknown> = {}, connection = 'contoso') =>
  rest.admin.registerApp({
    displayName: 'Portico',
    redirectUris: { web: [`${rest.world.config.url}/oauth/login/${connection}/callback`] },
    permissions: ['Mail.Send', 'Mail.ReadWrite'],
    secret: { displayName: 'first', ...secret },
  });

/** Adds the connection `contoso` with its client id, a secret in use, and passes its test. */
export async function addTestedConnection(rest: RestWithTenant, id = 'contoso', domains: string[] = []): Promise<void> {
  const call = rest.client();
  const app = await registerApp(rest, {}, id);
  await call('connections.create', {
    organization: rest.organization,
    body: { id, name: 'Contoso', startFrom: rest.admin.domain, clientId: app.appId, domains },
  });
  const { organization } = rest;
  for (const { domain } of (await call('domains.list', { organization })).items)
    await call('domains.trust', { organization, domain, body: {} });
  const secret = await call('secrets.set', { connection: id, body: { value: app.secret.secretText } });
  await call('secrets.rotate', { connection: id, secret: secret.id });
  await call('connections.test', { connection: id });
}

/** The problem that a call is answered by. */
export async function problemOf(call: Promise<unknown>): Promise<ProblemDocument & { name: string; fields: string[] }> {
  const error = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof ProblemAnswer)) throw new Error('no problem came', { cause: error });
  return { ...error.problem, name: error.problemName, fields: error.problem.errors?.map(({ field }) => field) ?? [] };
}
