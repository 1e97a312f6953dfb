import type { EntraWorld } from '#connections';
import type { Door } from '#http';
import { statement } from '#store';

const ask = statement('bin.ask', (db) => db.selectFrom('migration').select('name').limit(1));

/** `/healthz`: the process answers. `/readyz`: the database does too. `/metrics`: Prometheus. */
export function createHealthDoor(world: EntraWorld): Door {
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/healthz') return text('ok', 200);
    if (pathname === '/metrics') return metrics();
    try {
      await world.store.read(ask, {});
      return text('ready', 200);
    } catch (error) {
      world.log.warn({ error }, 'not ready');
      return text('the database does not answer', 503);
    }
  };
}

const text = (body: string, status: number) =>
  new Response(`${body}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });

async function metrics(): Promise<Response> {
  const { collectDefaultMetrics, register } = await import('prom-client');
  if (register.getSingleMetric('process_cpu_user_seconds_total') === undefined) collectDefaultMetrics();
  return new Response(await register.metrics(), { headers: { 'content-type': register.contentType } });
}
