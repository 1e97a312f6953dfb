import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { fileURLToPath } from 'node:url';

/** How many branches of a folder were taken, and the lines of those that were not. */
export interface Coverage {
  taken: number;
  branches: number;
  missed: readonly string[];
}

/**
 * Watches which branches are taken of the modules that are loaded from now on; the function that comes back tells, for the
 * files whose address has `folder` in it. A branch is what V8 counts by itself, as for Node's own `--experimental-test-coverage`;
 * a function that was never called is one that was not taken.
 */
export async function watchBranches(folder: string): Promise<() => Promise<Coverage>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return async () => {
    const { result } = await session.post('Profiler.takePreciseCoverage');
    session.disconnect();
    let [taken, branches] = [0, 0];
    const missed: string[] = [];
    for (const { url, functions } of result) {
      if (!url.startsWith('file:') || !url.includes(folder) || url.includes('.test.')) continue;
      const path = fileURLToPath(url);
      const text = readFileSync(path, 'utf8');
      for (const { ranges } of functions) {
        for (const { count, startOffset } of ranges) {
          branches++;
          if (count > 0) taken++;
          else missed.push(`${path.slice(path.indexOf(folder))}:${text.slice(0, startOffset).split('\n').length}`);
        }
      }
    }
    return { taken, branches, missed: [...new Set(missed)].sort() };
  };
}
