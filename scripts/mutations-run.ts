import { spawn } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Mutation, mutate, type NearTest } from './mutation.ts';
import type { Report } from './test-reporter.ts';

const leftOut = new Set(['node_modules', '.git', '.tools', '.cache', 'dist', 'data']);
/** A test file that takes longer than this hangs, which is a way of noticing. */
const limitMs = 120_000;

/** A copy of the project to take things out of, so that nobody's work is touched. */
export interface Copy {
  /** The first test that fails with this mutation, as `file › name`; undefined where all pass. */
  noticedBy(mutation: Mutation): Promise<string | undefined>;
  remove(): void;
}

/** What all copies share. */
export interface Setting {
  root: string;
  postgresUrl: string;
  /** Only the nearest tests are asked, not the whole suite behind them. */
  nearOnly: boolean;
  signal: AbortSignal;
}

/** The tests that have passed without any mutation: only these can notice one. */
export interface Baseline {
  /** Rejects where the test fails by itself. */
  passes(test: NearTest): Promise<void>;
  remove(): void;
}

/** Makes an unchanged copy, in which each test has to pass before it can notice anything. */
export function makeBaseline(setting: Setting): Baseline {
  const folder = copyProject(setting.root);
  const seen = new Map<string, Promise<void>>();
  return {
    passes: (test) => {
      const key = `${test.file} ${test.postgres === true}`;
      const run =
        seen.get(key) ??
        firstFailure(folder, { ...test, only: undefined }, setting).then((failure) => {
          if (failure !== undefined && !setting.signal.aborted)
            throw new Error(`${failure} fails though nothing was taken out`);
        });
      seen.set(key, run);
      return run;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Makes a copy to take things out of, one at a time. */
export function makeCopy(setting: Setting, baseline: Baseline): Copy {
  const folder = copyProject(setting.root);
  return {
    noticedBy: async (mutation) => {
      const path = join(folder, mutation.file);
      const text = readFileSync(path, 'utf8');
      writeFileSync(path, mutate(mutation, text));
      try {
        for (const test of testsFor(folder, mutation, setting)) {
          if (setting.signal.aborted) return undefined;
          await baseline.passes(test);
          const failure = await firstFailure(folder, test, setting);
          if (failure !== undefined) return failure;
        }
        return undefined;
      } finally {
        writeFileSync(path, text);
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The nearest tests first, then the whole suite, then once more with PostgreSQL. */
function testsFor(folder: string, { near }: Mutation, { nearOnly }: Setting): NearTest[] {
  const all = ['src', 'simulator', 'test', 'bin', 'demo', 'console', 'bench'].map((area) => `${area}/**/*.test.ts`);
  const rest = [
    ...all.map((file) => ({ file })),
    ...all.filter((file) => /^(?:src|test)/.test(file)).map((file) => ({ file, postgres: true as const })),
  ];
  const wanted = nearOnly ? near : [...near, ...rest];
  const files = wanted.flatMap(({ file, ...rest }) =>
    globSync(file, { cwd: folder, exclude: (name) => name === 'node_modules' })
      .sort()
      .map((found) => ({ file: found, ...rest })),
  );
  return [...new Map(files.map((test) => [JSON.stringify(test), test])).values()];
}

function copyProject(root: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'portico-mutations-'));
  cpSync(root, folder, { recursive: true, filter: (path) => path === root || !leftOut.has(basename(path)) });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Runs a test file until its first failure. */
function firstFailure(
  folder: string,
  { file, only, postgres }: Omit<NearTest, 'only'> & { only?: string | undefined },
  setting: Setting,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const { TEST_POSTGRES_URL: _, ...environment } = process.env;
    const flags = [
      '--disable-warning=ExperimentalWarning',
      '--test-force-exit',
      `--test-reporter=${join(folder, 'scripts/test-reporter.ts')}`,
      ...(only === undefined ? [] : [`--test-name-pattern=${only}`]),
    ];
    const child = spawn(process.execPath, [...flags, file], {
      cwd: folder,
      env: postgres === true ? { ...environment, TEST_POSTGRES_URL: setting.postgresUrl } : environment,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      detached: true,
    });
    let failure: string | undefined;
    const end = () => {
      try {
        if (child.pid) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // Nobody of the group is left.
      }
    };
    const timer = setTimeout(() => {
      failure ??= `${file} › does not end`;
      end();
    }, limitMs);
    setting.signal.addEventListener('abort', end);
    child.on('message', (report: Report) => {
      if (report.kind !== 'failed') return;
      failure ??= `${file} › ${report.name}`;
      end();
    });
    child.on('exit', end);
    child.on('close', (code) => {
      clearTimeout(timer);
      setting.signal.removeEventListener('abort', end);
      resolve(failure ?? (code === 0 ? undefined : `${file} › does not run`));
    });
  });
}
