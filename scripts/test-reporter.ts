import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';

/** What test files say to the process that started them: one report for each test, and a last one when all have ended. */
export type Report =
  | { kind: 'passed' | 'skipped'; file: string; name: string }
  | { kind: 'failed'; file: string; name: string; error: string }
  | { kind: 'done' };

/** A reporter for node:test that prints nothing and sends its reports over the IPC channel. */
export default async function* sendReports(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const names = new Map<number | undefined, string>();
  for await (const event of events) {
    if (event.type === 'test:start') {
      const { testId, parentId, name } = event.data;
      const parent = names.get(parentId);
      names.set(testId, parent ? `${parent} › ${name}` : name);
    }
    const report = toReport(event, names);
    if (report) process.send?.(report);
  }
  process.send?.({ kind: 'done' } satisfies Report);
  yield '';
}

function toReport(event: TestEvent, names: Map<number | undefined, string>): Report | undefined {
  if (event.type !== 'test:pass' && event.type !== 'test:fail') return undefined;
  const about = { file: event.data.file ?? '', name: names.get(event.data.testId) ?? event.data.name };
  if (event.data.skip || event.data.todo) return { kind: 'skipped', ...about };
  // A suite is not a test: it counts only where it fails by itself, and so does what failed only by its subtests.
  if (event.type === 'test:pass') return event.data.details.type === 'suite' ? undefined : { kind: 'passed', ...about };
  const { error } = event.data.details;
  if ('failureType' in error && error.failureType === 'subtestsFailed') return undefined;
  return { kind: 'failed', ...about, error: describe(error.cause ?? error) };
}

function describe(error: unknown): string {
  // An AssertionError's message holds the difference; printing its fields would say all of it twice more.
  if (error instanceof Error && error.name === 'AssertionError') return error.stack ?? error.message;
  return typeof error === 'string' ? error : inspect(error, { depth: 6 });
}
