import { ControlError, notFound } from '../control/control-error.ts';
import { addSnapshot } from '../control/snapshots.ts';
import { tenantOf, userOf } from '../control/tenants.ts';
import { deleteUser, updateUser } from '../directory/change-users.ts';
import { type FaultKind, faultTable } from '../faults/fault-table.ts';
import { type Answer, type Exchange, readForm } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { type Job, restartJob } from '../provisioning/job.ts';
import { provisionOnDemand } from '../provisioning/on-demand.ts';
import { pauseSchedule, runOnce, startSchedule } from '../provisioning/schedule.ts';
import { restoreSnapshot } from '../snapshots/snapshot.ts';
import type { World } from '../world.ts';
import { faultsPage } from './faults-page.ts';
import { pageAddress, shell, tabs } from './shell.ts';

/** What the buttons of the control page do; each leads back to a page. */
export function actionRoutes(world: World): Routes {
  return {
    'POST /do/fault': (exchange) => callFault(world, formOf(exchange)),
    'POST /do/clear-fault': (exchange) => {
      const form = formOf(exchange);
      world.faults.clear(form.get('id') ?? undefined);
      return back(form);
    },
    'POST /do/clock': (exchange) => moveClock(world, formOf(exchange)),
    'POST /do/rotate-keys': async () => {
      await world.keys.rotate();
      return to('time');
    },
    'POST /do/take-snapshot': (exchange) => {
      addSnapshot(world, formOf(exchange).get('name') || undefined);
      return to('time');
    },
    'POST /do/restore': async (exchange) => {
      const id = formOf(exchange).get('id') ?? '';
      const snapshot = world.snapshots.get(id);
      if (snapshot === undefined) throw notFound('snapshot', id);
      await restoreSnapshot(world, snapshot.bytes);
      return to('time');
    },
    'POST /do/delete-snapshot': (exchange) => {
      world.snapshots.delete(formOf(exchange).get('id') ?? '');
      return to('time');
    },
    'POST /do/account': (exchange) => {
      const form = formOf(exchange);
      const tenant = tenantOf(world, form.get('tenant') ?? '');
      updateUser(tenant, userOf(tenant, form.get('user') ?? ''), {
        accountEnabled: form.get('accountEnabled') === 'true',
      });
      return back(form);
    },
    'POST /do/delete-user': (exchange) => {
      const form = formOf(exchange);
      const tenant = tenantOf(world, form.get('tenant') ?? '');
      deleteUser(tenant, userOf(tenant, form.get('user') ?? ''), world.clock.now());
      return back(form);
    },
    ...jobActions(world),
  };
}

function jobActions(world: World): Routes {
  const jobOf = (form: URLSearchParams): Job => {
    const id = form.get('job') ?? '';
    const job = world.jobs.get(id);
    if (job === undefined) throw notFound('provisioning job', id);
    return job;
  };
  return {
    'POST /do/start-job': (exchange) => {
      const job = jobOf(formOf(exchange));
      startSchedule(world, tenantOf(world, job.tenantId), job);
      return to('provisioning');
    },
    'POST /do/pause-job': (exchange) => {
      pauseSchedule(world, jobOf(formOf(exchange)));
      return to('provisioning');
    },
    'POST /do/cycle': (exchange) => {
      const job = jobOf(formOf(exchange));
      // The page shows how it goes on.
      void runOnce(world, tenantOf(world, job.tenantId), job);
      return to('provisioning');
    },
    'POST /do/restart-job': (exchange) => {
      const job = jobOf(formOf(exchange));
      if (job.running) throw new ControlError(409, 'cycleRunning', 'A cycle of this job is running; wait for its end');
      restartJob(job);
      return to('provisioning');
    },
    'POST /do/on-demand': async (exchange) => {
      const form = formOf(exchange);
      const job = jobOf(form);
      const tenant = tenantOf(world, job.tenantId);
      const { result, action, failure } = await provisionOnDemand(
        world,
        tenant,
        job,
        userOf(tenant, form.get('user') ?? ''),
      );
      if (result === 'Failure') throw new ControlError(409, 'failed', `${failure?.name}: ${failure?.detail}`);
      return to('provisioning', { done: `${result}: ${action}` });
    },
  };
}

function callFault(world: World, form: URLSearchParams): Answer | Promise<Answer> {
  const name = form.get('name') ?? '';
  const kind = faultTable.find((known) => known.name === name);
  const given = [...form].filter(([key, value]) => key !== 'name' && key !== 'back' && value !== '');
  try {
    world.faults.call(name, Object.fromEntries(given.map(([key, value]) => [key, typed(kind, key, value)])));
  } catch (error) {
    if (error instanceof RangeError) return shell(world, faultsPage(world, error.message));
    throw error;
  }
  return back(form);
}

/** A field's text as the parameter wants it. */
function typed(kind: FaultKind | undefined, key: string, value: string): string | number {
  const type = key === 'times' ? 'integer' : kind?.parameters.find(({ name }) => name === key)?.type;
  return type === 'integer' || type === 'number' ? Number(value) : value;
}

function moveClock({ clock }: World, form: URLSearchParams): Answer {
  const [now, advance, frozen] = ['now', 'advanceMs', 'frozen'].map((name) => form.get(name));
  const instant = now ? Date.parse(`${now}Z`) : clock.now() + Number(advance ?? 0);
  if (!(instant >= 0 && instant < Date.UTC(10_000, 0)))
    throw new ControlError(400, 'invalidBody', 'now: the clock goes from 1970 to the end of 9999');
  clock.set(instant);
  if (frozen) clock.freeze(frozen === 'true');
  return to('time');
}

function formOf(exchange: Exchange): URLSearchParams {
  return readForm(exchange) ?? new URLSearchParams();
}

/** To the page the form came from, as far as it is one of ours. */
function back(form: URLSearchParams): Answer {
  const [tab = '', ...rest] = (form.get('back') ?? '').split('/');
  return to(tab !== '' && Object.hasOwn(tabs, tab) ? [tab, ...rest.map(encodeURIComponent)].join('/') : '');
}

function to(tab: string, query: Readonly<Record<string, string>> = {}): Answer {
  return { status: 303, headers: { location: pageAddress(tab, query), 'cache-control': 'no-store' } };
}
