import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, installPackage } from './installed-package.ts';
import { addStartLine, machine } from './results.ts';

const runs = 5;
const idleMs = 2000;
/** At most so many milliseconds from start to ready, and so many MB resident when idle. */
const targets = { readyMs: 1000, residentMb: 130 };

interface Measured {
  readyMs: number;
  residentMb: number;
}

/**
 * Packs Portico as it is published, installs the package in an empty folder, and starts `portico serve` on a fresh data
 * folder: milliseconds from the start of the process until `/readyz` answers 200, and its resident memory when idle.
 * Medians of five, after one start that fills Node's compile cache.
 */
export async function benchStart({ record }: { record: boolean }): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'portico-bench-'));
  try {
    const portico = await installPackage(folder);
    await measure(portico, folder, 0);
    const measured: Measured[] = [];
    for (let run = 1; run <= runs; run++) {
      const one = await measure(portico, folder, run);
      measured.push(one);
      print(`start ${run}`, one);
    }
    const medians = {
      readyMs: median(measured.map(({ readyMs }) => readyMs)),
      residentMb: median(measured.map(({ residentMb }) => residentMb)),
    };
    print('median', medians);
    print('target', targets);
    if (record) addLine(medians);
    return medians.readyMs <= targets.readyMs && medians.residentMb <= targets.residentMb;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts the installed Portico once, on a data folder of its own. */
async function measure(portico: string, folder: string, run: number): Promise<Measured> {
  const port = await freePort();
  const started = performance.now();
  const child = spawn(process.execPath, [portico, 'serve'], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      NODE_COMPILE_CACHE: join(folder, 'compile-cache'),
      PORTICO_PORT: String(port),
      PORTICO_URL: `http://localhost:${port}`,
      PORTICO_DATA: join(folder, `data-${run}`),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    while (!(await isReady(port))) {
      if (child.exitCode !== null) throw new Error(`portico serve ended with ${child.exitCode}`);
      await new Promise((wake) => setTimeout(wake, 3));
    }
    const readyMs = performance.now() - started;
    await new Promise((wake) => setTimeout(wake, idleMs));
    return { readyMs, residentMb: residentOf(child) };
  } finally {
    const ended = new Promise((wake) => child.once('exit', wake));
    if (child.exitCode === null && child.kill()) await ended;
  }
}

const isReady = (port: number): Promise<boolean> =>
  new Promise((answer) => {
    const request = get({ port, host: '127.0.0.1', path: '/readyz', agent: false }, (response) => {
      response.resume();
      answer(response.statusCode === 200);
    });
    request.on('error', () => answer(false));
  });

/** Resident memory in MB (10^6 bytes), from Linux's /proc. */
function residentOf(child: ChildProcess): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
  if (kib === undefined) throw new Error('the memory of the process is not known');
  return (Number(kib) * 1024) / 1e6;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

function print(what: string, { readyMs, residentMb }: Measured): void {
  console.log(
    `${what.padEnd(8)}  ${readyMs.toFixed(0).padStart(5)} ms to /readyz  ${residentMb.toFixed(0).padStart(4)} MB idle`,
  );
}

function addLine({ readyMs, residentMb }: Measured): void {
  const day = new Date().toISOString().slice(0, 10);
  addStartLine(
    `| ${day} | start | ${readyMs.toFixed(0)} ms to /readyz, ${residentMb.toFixed(0)} MB idle | ${machine()} |`,
  );
}
