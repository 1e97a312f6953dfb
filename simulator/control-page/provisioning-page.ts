import { html } from 'hono/html';
import type { Markup } from '../pages/page.ts';
import type { CycleReport, Job } from '../provisioning/job.ts';
import type { World } from '../world.ts';
import { actionButton, dataList, dataTable } from './data-table.ts';
import { type Content, instant } from './shell.ts';

/** So many failures of the last cycle are shown. */
const shown = 20;

/** Provisioning jobs, their last cycle with what failed in it, and the buttons of the portal's page. */
export function provisioningPage(world: World): Content {
  const jobs = [...world.jobs.values()];
  return {
    tab: 'provisioning',
    title: 'Provisioning',
    about: 'Jobs that write people and groups to SCIM endpoints.',
    ...(jobs.length === 0 ? {} : { steady: onDemand(world, jobs) }),
    live:
      jobs.length === 0
        ? html`<p class="empty">There is no job. <code>POST /_control/tenants/{tenant}/provisioning</code> makes one.</p>`
        : html`${jobs.map((job) => section(world, job))}`,
  };
}

function section(world: World, job: Job): Markup {
  const { lastCycle, quarantine } = job;
  const fields = { job: job.id };
  return html`<section><h2>${world.tenants.get(job.tenantId)?.name ?? job.tenantId} → <code>${job.settings.baseAddress}</code></h2>
${dataList([
  ['Status', state(job)],
  ['Job', html`<code>${job.id}</code>`],
  ['Scope', job.settings.scope === 'all' ? 'everybody' : `who is assigned to ${job.settings.appId}`],
  ['Cycles', `${job.cycles}; ${job.links.size} objects linked, ${job.escrow.size} to be tried again`],
  [
    'Quarantine',
    quarantine === undefined
      ? null
      : html`<span class="bad">${quarantine.reason} since ${instant(quarantine.since)}: ${quarantine.message}</span>`,
  ],
])}
<div class="row">${job.started ? actionButton('pause-job', 'Pause', fields) : actionButton('start-job', 'Start', fields, 'primary')}
${job.running ? '' : actionButton('cycle', 'Run a cycle now', fields)}${job.running ? '' : actionButton('restart-job', 'Forget and restart', fields, 'danger')}</div>
${lastCycle === undefined ? '' : report(lastCycle)}</section>`;
}

function state({ disabled, quarantine, running, started, cycles }: Job): Markup {
  if (disabled) return html`<span class="bad">disabled after four weeks of quarantine</span>`;
  if (running) return html`<span class="good">a cycle runs</span>`;
  if (quarantine !== undefined) return html`<span class="bad">in quarantine</span>`;
  return started ? html`<span class="good">active</span>` : html`${cycles === 0 ? 'has not run' : 'paused'}`;
}

function report(cycle: CycleReport): Markup {
  const counts = (['users', 'groups'] as const).map((kind) => ({ kind, ...cycle[kind] }));
  return html`<p class="soft">Last cycle: ${cycle.kind}, ${instant(cycle.startedAt)}, ${cycle.requests} requests in ${cycle.durationMs} ms.${
    cycle.stopped === null ? '' : html` <span class="bad">Stopped: ${cycle.stopped}</span>`
  }</p>${dataTable(
    counts,
    [
      ['Kind', ({ kind }) => kind],
      ['Created', ({ created }) => created],
      ['Updated', ({ updated }) => updated],
      ['Disabled', ({ disabled }) => disabled],
      ['Deleted', ({ deleted }) => deleted],
      ['Skipped', ({ skipped }) => skipped],
      ['Failed', ({ failed }) => (failed === 0 ? failed : html`<span class="bad">${failed}</span>`)],
    ],
    '',
  )}${
    cycle.failures.length === 0
      ? ''
      : html`<h3>Failed</h3>${dataTable(
          cycle.failures.slice(0, shown),
          [
            ['Object', ({ name, type }) => `${type} ${name}`],
            ['Status', ({ status, scimType }) => `${status ?? 'no answer'} ${scimType ?? ''}`],
            ['Said', ({ detail }) => detail],
          ],
          '',
        )}`
  }`;
}

function onDemand(world: World, jobs: readonly Job[]): Markup {
  const options = jobs.map(
    ({ id, tenantId, settings }) =>
      html`<option value="${id}">${world.tenants.get(tenantId)?.name ?? tenantId} → ${settings.baseAddress}</option>`,
  );
  return html`<form method="post" action="/_control/do/on-demand"><label>Job<select name="job">${options}</select></label>
<label>User name or object id<input name="user" required></label><button class="primary">Provision on demand</button></form>`;
}
