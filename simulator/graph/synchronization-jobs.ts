import { z } from 'zod';
import type { ServicePrincipal } from '../applications/application.ts';
import type { Answer } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { type Job, makeJob, restartJob } from '../provisioning/job.ts';
import { pauseSchedule, startSchedule } from '../provisioning/schedule.ts';
import { secretKeys, settingsOf } from '../provisioning/synchronization-secrets.ts';
import { testConnection } from '../provisioning/test-connection.ts';
import type { GraphCall } from './caller.ts';
import { badRequest, GraphError, noSuchResource, requestIds } from './graph-error.ts';
import { answerOne, answerPage } from './odata-page.ts';
import { readGraphBody } from './read-graph-body.ts';
import { managedPrincipal } from './service-principals.ts';
import { jobView } from './synchronization-view.ts';

const secrets = z.array(z.object({ key: z.enum(secretKeys), value: z.string() }));
const credentials = z.object({
  credentials: secrets.optional(),
  useSavedCredentials: z.boolean().nullish(),
  templateId: z.string().nullish(),
  applicationIdentifier: z.string().nullish(),
});
const stored = z.object({ value: secrets });
const newJob = z.object({ templateId: z.string().min(1), schedule: z.unknown().optional() });
const criteria = z.object({ criteria: z.object({ resetScope: z.string() }).nullish() });
const path = '/servicePrincipals/:principal/synchronization';

/** Templates of the provisioning service for custom applications; `customappsso` is the one of 2018. */
const templates: readonly string[] = ['scim', 'customappsso'];

/** The provisioning of an enterprise app: jobs, what they authenticate by, and their running (synchronization of Graph). */
export function synchronizationJobRoutes(): Routes<GraphCall> {
  return {
    [`GET ${path}/templates`]: (call, key) => {
      const { id } = forSynchronization(call, key);
      const view = (template: string) => ({
        id: template,
        applicationId: id,
        default: template === 'scim',
        discoverable: true,
        factoryTag: template,
      });
      return answerPage(call.exchange, templates, view, { context: `${contextOf(id)}/templates`, ...pages });
    },
    [`GET ${path}/jobs`]: (call, key) => {
      const principal = forSynchronization(call, key);
      const context = `${contextOf(principal.id)}/jobs`;
      return answerPage(call.exchange, jobsOf(call, principal), (job) => jobView(call, job), { context, ...pages });
    },
    [`POST ${path}/jobs`]: (call, key) => {
      const { world, exchange, caller } = call;
      const principal = forSynchronization(call, key);
      const { templateId } = readGraphBody(exchange, newJob);
      if (!templates.includes(templateId)) throw noSuchResource(templateId);
      const id = `${templateId}.${principal.appId.replaceAll('-', '')}.${world.random.uuid()}`;
      const job = makeJob(
        world,
        caller.tenant.id,
        exchange.origin,
        { ...usual, ...settingsOf(principal.synchronizationSecrets), appId: principal.appId },
        id,
      );
      world.jobs.set(job.id, job);
      return answerOne(exchange, jobView(call, job), `${contextOf(principal.id)}/jobs`, undefined, 201);
    },
    [`GET ${path}/jobs/:job`]: (call, key, id) => {
      const principal = forSynchronization(call, key);
      return answerOne(call.exchange, jobView(call, jobOf(call, principal, id)), `${contextOf(principal.id)}/jobs`);
    },
    [`DELETE ${path}/jobs/:job`]: (call, key, id) => {
      const job = jobOf(call, forSynchronization(call, key), id);
      pauseSchedule(call.world, job);
      call.world.jobs.delete(job.id);
      return done(call);
    },
    [`POST ${path}/jobs/:job/validateCredentials`]: (call, key, id) => {
      const principal = forSynchronization(call, key);
      return validate(call, principal, jobOf(call, principal, id));
    },
    [`POST ${path}/jobs/validateCredentials`]: (call, key) => validate(call, forSynchronization(call, key)),
    [`GET ${path}/secrets`]: (call, key) => {
      const { id, synchronizationSecrets } = forSynchronization(call, key);
      const context = `${contextOf(id)}/secrets`;
      // What was stored never comes back.
      return answerPage(call.exchange, synchronizationSecrets.keys(), (name) => ({ key: name, value: '*' }), {
        context,
        ...pages,
      });
    },
    [`PUT ${path}/secrets`]: (call, key) => {
      const principal = forSynchronization(call, key);
      for (const { key: name, value } of readGraphBody(call.exchange, stored).value) {
        if (name === 'BaseAddress') checkAddress(value);
        principal.synchronizationSecrets.set(name, value);
      }
      for (const job of jobsOf(call, principal))
        job.settings = { ...job.settings, ...settingsOf(principal.synchronizationSecrets) };
      return done(call);
    },
    [`POST ${path}/jobs/:job/start`]: (call, key, id) => {
      const job = jobOf(call, forSynchronization(call, key), id);
      if (job.settings.baseAddress === '')
        throw new GraphError(
          400,
          'CredentialsMissing',
          'Credentials have not been provided for the synchronization job.',
        );
      startSchedule(call.world, call.caller.tenant, job);
      return done(call);
    },
    [`POST ${path}/jobs/:job/pause`]: (call, key, id) => {
      pauseSchedule(call.world, jobOf(call, forSynchronization(call, key), id));
      return done(call);
    },
    [`POST ${path}/jobs/:job/restart`]: (call, key, id) => {
      const job = jobOf(call, forSynchronization(call, key), id);
      restart(job, readGraphBody(call.exchange, criteria).criteria?.resetScope ?? 'Full');
      if (job.settings.baseAddress !== '') startSchedule(call.world, call.caller.tenant, job);
      return done(call);
    },
  };
}

const pages = { defaultTop: 100, mostTop: 999 } as const;
const contextOf = (id: string): string => `servicePrincipals('${id}')/synchronization`;
const done = ({ exchange }: GraphCall): Answer => ({ status: 204, headers: requestIds(exchange) });

/** How a job runs that Graph made; the rest is what was stored for the enterprise app. */
const usual = {
  matching: { user: 'userName', group: 'displayName' },
  mapping: { externalId: 'mailNickname' },
  intervalMs: 40 * 60_000,
  requestsAtOnce: 4,
  requestsPerSecond: null,
} as const;

/** The enterprise app of a path, if the caller may see to its provisioning (or, for GET, look at it). Throws 403, 404. */
export function forSynchronization(call: GraphCall, key: string): ServicePrincipal {
  const reading = call.exchange.method === 'GET' ? ['Synchronization.Read.All'] : [];
  return managedPrincipal(call, key, 'Synchronization.ReadWrite.All', ...reading);
}

/** Finds a job of an enterprise app. Throws 404. */
export function jobOf(call: GraphCall, principal: ServicePrincipal, id: string): Job {
  const job = jobsOf(call, principal).find((candidate) => candidate.id === id);
  if (job === undefined) throw noSuchResource(id);
  return job;
}

function jobsOf({ world, caller }: GraphCall, { appId }: ServicePrincipal): Job[] {
  return [...world.jobs.values()].filter(
    ({ tenantId, settings }) => tenantId === caller.tenant.id && settings.appId === appId,
  );
}

/** Really asks the endpoint, with what is given or with what is stored. */
async function validate(call: GraphCall, principal: ServicePrincipal, of?: Job): Promise<Answer> {
  const { world, exchange, caller } = call;
  const { credentials: given = [], useSavedCredentials } = readGraphBody(exchange, credentials);
  const tried =
    useSavedCredentials === true
      ? principal.synchronizationSecrets
      : new Map(given.map(({ key, value }) => [key, value]));
  const settings = { ...usual, ...of?.settings, ...settingsOf(tried), appId: principal.appId };
  checkAddress(settings.baseAddress);
  const job = makeJob(world, caller.tenant.id, exchange.origin, settings, 'trial');
  const { ok, message } = await testConnection(world, job);
  if (!ok) throw new GraphError(400, 'InvalidCredentials', `The credentials could not be validated: ${message}`);
  return done(call);
}

function checkAddress(value: string): void {
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
    throw badRequest(`The value of BaseAddress is not a valid address: '${value}'.`);
}

/** Forgets what the criteria name: `Full` all, `Watermark`, `Escrows`, `QuarantineState` each its own. */
function restart(job: Job, resetScope: string): void {
  const parts = resetScope.split(',').map((part) => part.trim().toLowerCase());
  const known = ['none', 'connectordatastore', 'escrows', 'watermark', 'quarantinestate', 'full', 'forcedeletes'];
  const unknown = parts.find((part) => !known.includes(part));
  if (unknown !== undefined) throw badRequest(`'${unknown}' is no value of resetScope.`);
  if (parts.includes('full')) restartJob(job);
  if (parts.includes('watermark')) job.watermark = undefined;
  if (parts.includes('escrows')) job.escrow.clear();
  if (parts.includes('quarantinestate')) job.quarantine = undefined;
  job.disabled = false;
}
