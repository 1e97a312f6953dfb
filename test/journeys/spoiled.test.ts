import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newNotes, steps } from '../../demo/journey.ts';
import { setStage } from '../../demo/stage.ts';

/** What later steps build on: the first three, and each on the one just before it. */
const before = (index: number) => steps.filter((_, at) => at < index && (at < 3 || at === index - 1));

/** A journey whose steps reported what they did, rather than what can be seen, would pass these. Few people are enough here. */
describe('a step that is spoiled fails, and none that it builds on', { concurrency: 3 }, () => {
  for (const [index, spoiled] of steps.entries()) {
    test(spoiled.name, async () => {
      const stage = await setStage({ ports: { portico: 0, tenant: 0, product: 0 }, users: 20, signIns: 12 });
      try {
        const notes = newNotes();
        for (const { run } of before(index)) await run(stage, notes);
        await spoiled.spoil(stage, notes);
        await assert.rejects(spoiled.run(stage, notes));
      } finally {
        await stage.close();
      }
    });
  }
});
