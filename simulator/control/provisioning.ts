import { z } from 'zod';
import type { Tenant } from '../directory/tenant.ts';
import { type Answer, json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { type CycleReport, type Job, type JobSettings, makeJob, restartJob } from '../provisioning/job.ts';
import { provisionOnDemand } from '../provisioning/on-demand.ts';
import { pauseSchedule, runOnce, startSchedule } from '../provisioning/schedule.ts';
import { testConnection } from '../provisioning/test-connection.ts';
import type { World } from '../world.ts';
import { ControlError, notFound } from './control-error.ts';
import { readBody } from './read-body.ts';
import { tenantOf, userOf } from './tenants.ts';

const oauth = { tokenEndpoint: z.url({ protocol: /^https?$/ }), clientId: z.string().max(4096) };
/** What an admin enters for a new job. */
export const jobSettings = z.strictObject({
  baseAddress: z.url({ protocol: /^https?$/ }),
  secretToken: z.string().max(4096).exactOptional(),
  authentication: z
    .discriminatedUnion('way', [
      z.strictObject({
        way: z.literal('clientCredentials'),
        ...oauth,
        clientSecret: z.string().max(4096),
        sentIn: z.enum(['header', 'body', 'both']),
      }),
      z.strictObject({ way: z.literal('assertion'), ...oauth, subject: z.string(), audience: z.string() }),
    ])
    .nullable()
    .exactOptional(),
  dialect: z.enum(['default', 'aadOptscim062020']).exactOptional(),
  matching: z
    .strictObject({
      user: z.enum(['userName', 'externalId', 'emails[type eq "work"].value']),
      group: z.enum(['displayName', 'externalId']),
    })
    .exactOptional(),
  mapping: z.strictObject({ externalId: z.enum(['mailNickname', 'objectId']) }).exactOptional(),
  scope: z.enum(['all', 'assigned']).exactOptional(),
  appId: z.string().nullable().exactOptional(),
  intervalMs: z.int().min(10).exactOptional(),
  requestsAtOnce: z.int().min(1).max(256).exactOptional(),
  requestsPerSecond: z.number().positive().nullable().exactOptional(),
});
const changedSettings = jobSettings.exactPartial();
const unset = {
  secretToken: '',
  authentication: null,
  matching: { user: 'userName', group: 'displayName' },
  mapping: { externalId: 'mailNickname' },
  scope: 'all',
  appId: null,
  intervalMs: 40 * 60_000,
  requestsAtOnce: 4,
  requestsPerSecond: null,
} as const;
const subject = z.strictObject({ userId: z.string().min(1) });

/** Provisioning jobs: what the portal's provisioning page does, and cycles at a word instead of every 40 minutes. */
export function provisioningRoutes(world: World): Routes {
  const jobOf = (tenant: string, id: string): Job => {
    const job = world.jobs.get(id);
    if (job === undefined || job.tenantId !== tenantOf(world, tenant).id) throw notFound('provisioning job', id);
    return job;
  };
  return {
    'GET /tenants/:tenant/provisioning': (_exchange, key) => {
      const { id } = tenantOf(world, key);
      return json(200, { value: [...world.jobs.values()].filter((job) => job.tenantId === id).map(view) });
    },
    'POST /tenants/:tenant/provisioning': (exchange, key) => {
      const tenant = tenantOf(world, key);
      const body = readBody(exchange, jobSettings);
      const flagged = new URL(body.baseAddress).searchParams.has('aadOptscim062020');
      const job = makeJob(world, tenant.id, exchange.origin, {
        ...unset,
        dialect: flagged ? 'aadOptscim062020' : 'default',
        ...body,
      });
      checkScope(tenant, job.settings);
      world.jobs.set(job.id, job);
      return json(201, view(job));
    },
    'GET /tenants/:tenant/provisioning/:job': (_exchange, key, id) => json(200, view(jobOf(key, id))),
    'PATCH /tenants/:tenant/provisioning/:job': (exchange, key, id) => {
      const job = jobOf(key, id);
      const changed = { ...job.settings, ...readBody(exchange, changedSettings) };
      checkScope(tenantOf(world, key), changed);
      job.settings = changed;
      return json(200, view(job));
    },
    'DELETE /tenants/:tenant/provisioning/:job': (_exchange, key, id) => {
      pauseSchedule(world, jobOf(key, id));
      world.jobs.delete(id);
      return { status: 204 };
    },
    'POST /tenants/:tenant/provisioning/:job/test': async (_exchange, key, id) =>
      json(200, await testConnection(world, jobOf(key, id))),
    'POST /tenants/:tenant/provisioning/:job/cycle': async (_exchange, key, id) => {
      const report = await runOnce(world, tenantOf(world, key), jobOf(key, id));
      if (report === undefined)
        throw new ControlError(409, 'cycleRunning', 'A cycle of this job is running; wait for its end');
      return json(200, reportView(report));
    },
    'POST /tenants/:tenant/provisioning/:job/on-demand': async (exchange, key, id) => {
      const tenant = tenantOf(world, key);
      const user = userOf(tenant, readBody(exchange, subject).userId);
      return json(200, await provisionOnDemand(world, tenant, jobOf(key, id), user));
    },
    'POST /tenants/:tenant/provisioning/:job/restart': (_exchange, key, id) => {
      const job = jobOf(key, id);
      if (job.running) throw new ControlError(409, 'cycleRunning', 'A cycle of this job is running; wait for its end');
      restartJob(job);
      return json(200, view(job));
    },
    'POST /tenants/:tenant/provisioning/:job/start': (_exchange, key, id): Answer => {
      const job = jobOf(key, id);
      startSchedule(world, tenantOf(world, key), job);
      return json(200, view(job));
    },
    'POST /tenants/:tenant/provisioning/:job/pause': (_exchange, key, id): Answer => {
      const job = jobOf(key, id);
      pauseSchedule(world, job);
      return json(200, view(job));
    },
  };
}

function checkScope(tenant: Tenant, { scope, appId }: JobSettings): void {
  if (scope === 'assigned' && !tenant.servicePrincipals.has(appId ?? '')) {
    throw new ControlError(
      400,
      'invalidBody',
      "appId: scope 'assigned' needs the app id of an application of this tenant",
    );
  }
}

function view(job: Job): Record<string, unknown> {
  const { secretToken: _, authentication, ...shown } = job.settings;
  return {
    id: job.id,
    ...shown,
    authentication: authentication?.way ?? 'secretToken',
    status: job.disabled
      ? 'Disabled'
      : job.quarantine !== undefined
        ? 'Quarantine'
        : job.started
          ? 'Active'
          : job.cycles > 0
            ? 'Paused'
            : 'NotRun',
    running: job.running,
    cycles: job.cycles,
    watermark: job.watermark ?? null,
    linked: job.links.size,
    inEscrow: job.escrow.size,
    quarantine:
      job.quarantine === undefined ? null : { ...job.quarantine, since: new Date(job.quarantine.since).toISOString() },
    lastCycle: job.lastCycle === undefined ? null : reportView(job.lastCycle),
  };
}

function reportView(report: CycleReport): Record<string, unknown> {
  return { ...report, startedAt: new Date(report.startedAt).toISOString() };
}
