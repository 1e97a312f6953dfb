import { spawn } from 'node:child_process';
import { relative, resolve as resolvePath } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from './test-reporter.ts';

/** Test files that run one after the other in one process, under a name for all of them. */
export type Bundle = { name: string; files: readonly string[] };

/**
 * How a bundle went. A failure without a test's name is that of a file, or of the process: it crashed, hung, or left something
 * running.
 */
export type BundleResult = Bundle & {
  passed: number;
  skipped: number;
  failures: { file?: string; name?: string; error: string }[];
  milliseconds: number;
  output: string;
};

const reporter = fileURLToPath(new URL('./test-reporter.ts', import.meta.url));
const testTimeout = 240_000;
const outputKept = 20_000;

/** `only` is a pattern for test names; `limit` is how long the bundle may take, in milliseconds. */
export type BundleOptions = { signal: AbortSignal; only?: string | undefined; limit?: number };

/** Runs a bundle in a process group of its own, of which nothing is left afterwards. */
export function runBundle(bundle: Bundle, options: BundleOptions): Promise<BundleResult> {
  const { signal, only, limit = 600_000 } = options;
  return new Promise((resolve) => {
    const result: BundleResult = { ...bundle, passed: 0, skipped: 0, failures: [], milliseconds: 0, output: '' };
    const heardOf = new Set<string>();
    const started = Date.now();
    const child = spawn(process.execPath, argumentsFor(bundle, only), {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    const killGroup = () => {
      try {
        if (child.pid) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // Nobody of the group is left.
      }
    };
    let done = false;
    let hung = false;
    const timer = setTimeout(() => {
      hung = true;
      killGroup();
    }, limit);
    signal.addEventListener('abort', killGroup);
    const keep = (part: Buffer) => {
      result.output = (result.output + part.toString()).slice(-outputKept);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('message', (report: Report) => {
      if (report.kind === 'done') {
        done = true;
        return;
      }
      const file = relative('', report.file);
      // A file without tests passes under its own name.
      if (resolvePath(report.name) === report.file) return;
      heardOf.add(file);
      if (report.kind === 'failed') result.failures.push({ file, name: report.name, error: report.error });
      else result[report.kind] += 1;
    });
    child.on('exit', killGroup);
    child.on('close', (code, killedBy) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', killGroup);
      result.milliseconds = Date.now() - started;
      const silent = bundle.files.filter((file) => !heardOf.has(relative('', file)));
      if (hung)
        result.failures.push({ error: `not ended after ${limit / 1000} s: a test hangs or leaves something running` });
      else result.failures.push(...faultsOf(code, killedBy, done, result, only === undefined ? silent : []));
      resolve(result);
    });
  });
}

function argumentsFor({ files }: Bundle, only: string | undefined): string[] {
  return [
    `--test-reporter=${reporter}`,
    `--test-timeout=${testTimeout}`,
    '--disable-warning=ExperimentalWarning',
    ...(only ? [`--test-name-pattern=${only}`] : []),
    ...(files.length > 1 ? ['--test', '--test-isolation=none'] : []),
    ...files,
  ];
}

/** What is wrong with the process or with whole files, apart from their tests. */
function faultsOf(
  code: number | null,
  killedBy: string | null,
  done: boolean,
  { failures }: BundleResult,
  silent: readonly string[],
): BundleResult['failures'] {
  if (killedBy) return [{ error: `killed by ${killedBy}` }];
  if (code !== 0) return failures.length === 0 ? [{ error: `ended with exit code ${code}` }] : [];
  if (silent.length > 0)
    return silent.map((file) => ({ file, error: 'no test was heard of: it holds none, or calls process.exit' }));
  return done ? [] : [{ error: 'ended before all of its tests had: something calls process.exit' }];
}
