// The load generator, in a process of its own: takes jobs from its parent, one after the other, and answers with a report. It
// remembers the people of each target, so that later jobs know whom to ask for.
import type { Told } from './generator.ts';
import { findMissing, run } from './run.ts';
import type { People } from './works.ts';

const known = new Map<number, People>();

process.on('message', async (told: Told) => {
  const answer = await obey(told).catch((error: Error) => ({ error: error.message }));
  process.send?.(answer);
});

async function obey(told: Told): Promise<unknown> {
  const { port } = told.target;
  const given = 'know' in told ? told.know : undefined;
  const before = known.get(port) ?? { ids: [], asked: 0, total: 0, promised: new Map() };
  const people = { ...before, ...given };
  known.set(port, people);
  if (given !== undefined) return {};
  return 'work' in told ? run(told, people) : findMissing(told.target, people);
}
