import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Report } from './test-reporter.ts';

/** How one test file went. A failure without a test's name is the file's own: it crashed, hung, or left something running. */
export type FileResult = {
  file: string;
  passed: number;
  skipped: number;
  failures: { name?: string; error: string }[];
  milliseconds: number;
  output: string;
};

const reporter = fileURLToPath(new URL('./test-reporter.ts', import.meta.url));
const testTimeout = 240_000;
const outputKept = 20_000;

/** `only` is a pattern for test names; `limit` is how long the file may take, in milliseconds. */
export type TestFileOptions = { signal: AbortSignal; only?: string | undefined; limit?: number };

/** Runs one test file in a process group of its own, of which nothing is left afterwards. */
export function runTestFile(file: string, options: TestFileOptions): Promise<FileResult> {
  const { signal, only, limit = 600_000 } = options;
  return new Promise((resolve) => {
    const result: FileResult = { file, passed: 0, skipped: 0, failures: [], milliseconds: 0, output: '' };
    const started = Date.now();
    const flags = [
      `--test-reporter=${reporter}`,
      `--test-timeout=${testTimeout}`,
      '--disable-warning=ExperimentalWarning',
    ];
    if (only) flags.push(`--test-name-pattern=${only}`);
    const child = spawn(process.execPath, [...flags, file], {
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
      if (report.kind === 'passed') result.passed += 1;
      else if (report.kind === 'skipped') result.skipped += 1;
      else if (report.kind === 'failed') result.failures.push(report);
      else done = true;
    });
    child.on('exit', killGroup);
    child.on('close', (code, killedBy) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', killGroup);
      result.milliseconds = Date.now() - started;
      const error = hung
        ? `not ended after ${limit / 1000} s: a test hangs or leaves something running`
        : faultOf(code, killedBy, done, result, only !== undefined);
      if (error) result.failures.push({ error });
      resolve(result);
    });
  });
}

/** What is wrong with the file itself, apart from its tests. */
function faultOf(
  code: number | null,
  killedBy: string | null,
  done: boolean,
  { passed, skipped, failures }: FileResult,
  partial: boolean,
): string | undefined {
  if (killedBy) return `killed by ${killedBy}`;
  if (code !== 0) return failures.length === 0 ? `ended with exit code ${code}` : undefined;
  if (passed + skipped === 0) return partial ? undefined : 'no test was heard of: it holds none, or calls process.exit';
  return done ? undefined : 'ended before all of its tests had: something calls process.exit';
}
