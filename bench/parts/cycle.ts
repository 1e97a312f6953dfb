import { resolve } from 'node:path';
import { type TenantAdmin, tenantAdmin } from '../../demo/tenant.ts';
import { freePort } from '../installed-package.ts';
import { startPortico } from '../portico.ts';
import { machine, writeSection } from '../results.ts';
import type { BenchOptions } from '../scim.ts';
import { type Ground, startProcess } from '../subject.ts';
import { memoryText, rate } from '../words.ts';

const simulator = resolve(import.meta.dirname, '../../bin/portico.ts');

/** The initial cycle of the simulated tenant's provisioning client, as Entra would run it: four requests at a time. */
export async function benchCycle(ground: Ground, portico: string, options: BenchOptions): Promise<boolean> {
  const [users, groups] = options.quick ? [1000, 10] : [100_000, 1000];
  const lines: string[] = [];
  for (const database of options.databases) {
    const port = await freePort();
    const args = [simulator, 'simulate', '--port', String(port), '--users', String(users), '--groups', String(groups)];
    const entra = await startProcess(args, {}, (line) => line.includes(`:${port}`));
    const subject = await startPortico(ground, portico, database);
    try {
      const { target } = subject;
      const admin = await tenantAdmin(`http://127.0.0.1:${port}`, 'Contoso');
      const job = await admin.startProvisioning({
        baseAddress: `http://127.0.0.1:${target.port}${target.base}`,
        secretToken: target.token,
        mapping: { externalId: 'objectId' },
      });
      const [before, beforeEntra] = [subject.processorMs(), entra.processorMs()];
      const report: Awaited<ReturnType<TenantAdmin['cycle']>> & { requests?: number } = await admin.cycle(job);
      const seconds = report.durationMs / 1000;
      const busy = (ms: number) => `${Math.round(ms / seconds / 10)} %`;
      if (report.failed > 0 || report.stopped !== null)
        throw new Error(`the cycle on ${database}: ${report.failed} failed, ${report.stopped ?? 'not stopped'}`);
      lines.push(
        `| ${database === 'postgres' ? 'PostgreSQL' : 'SQLite'} | ${report.users.created} | ${report.groups.created} | ${report.requests} | ${seconds.toFixed(0)} s | ${rate((report.requests ?? 0) / seconds)} | ${busy(subject.processorMs() - before)} | ${busy(entra.processorMs() - beforeEntra)} | ${memoryText(subject.memory())} |`,
      );
      console.log(lines.at(-1));
    } finally {
      await subject.stop();
      await entra.stop();
    }
  }
  const head =
    '| | users | groups | requests | | | Portico busy | simulated client busy | memory |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |';
  const about = `${new Date().toISOString().slice(0, 10)}, ${machine()}. Busy is the share of one processor.`;
  if (options.record) writeSection('SCIM: an initial cycle', `${about}\n\n${head}\n${lines.join('\n')}`);
  return true;
}
