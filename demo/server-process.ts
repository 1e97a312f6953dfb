import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Portico as an operator runs it: a process of its own, started by `portico serve`. */
export interface ServerProcess {
  /** The one-time link that the first start printed. */
  signInLink: string | undefined;
  pid: number;
  /** The folder of its embedded database. */
  data: string | undefined;
  /** Milliseconds from start to ready. */
  readyAfterMs: number;
  /** Ends it as an operator would, or (`kill`) as a power cut would. */
  stop(how?: 'kill'): Promise<void>;
}

const portico = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../bin/portico.ts' : '../bin/portico.js', import.meta.url),
);

/**
 * Starts `portico serve` with settings and waits until it is ready; the first time also until it has printed the one-time
 * link. Rejects with what it printed if it ends before.
 */
export async function startServer(
  url: string,
  settings: Record<string, string>,
  first: 'first' | 'again',
): Promise<ServerProcess> {
  const started = performance.now();
  const child = spawn(process.execPath, [portico, 'serve'], {
    env: { PATH: process.env['PATH'], ...settings, PORTICO_URL: url, PORTICO_LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for (;;) {
    if (child.exitCode !== null) throw new Error(`Portico did not start:\n${printed.trim()}`);
    const ready = await fetch(`${url}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) break;
    if (performance.now() - started > 30_000)
      throw new Error(`Portico was not ready within 30 seconds:\n${printed.trim()}`);
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 20))]);
  }
  const readyAfterMs = performance.now() - started;
  const link = () => /https?:\S+\/operator\/sign-in\?token=\S+/.exec(printed)?.[0];
  while (first === 'first' && link() === undefined && child.exitCode === null && performance.now() - started < 30_000) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return {
    signInLink: link(),
    pid: child.pid ?? 0,
    data: settings['PORTICO_DATA'],
    readyAfterMs,
    stop: (how) => end(child, ended, how),
  };
}

async function end(child: ChildProcess, ended: Promise<void>, how: 'kill' | undefined): Promise<void> {
  child.kill(how === 'kill' ? 'SIGKILL' : 'SIGTERM');
  await ended;
}
