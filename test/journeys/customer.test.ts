import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { newNotes, steps } from '../../demo/journey.ts';
import { type Stage, setStage } from '../../demo/stage.ts';
import { createTestDatabase, dialects } from '../world.ts';

const freePorts = { portico: 0, tenant: 0, product: 0 };

for (const dialect of dialects) {
  describe(`the journey of a customer (${dialect})`, () => {
    let stage: Stage;
    let drop: (() => Promise<void>) | undefined;
    before(async () => {
      const database = dialect === 'postgres' ? await createTestDatabase() : undefined;
      drop = database?.drop;
      stage = await setStage({ ports: freePorts, ...(database === undefined ? {} : { databaseUrl: database.url }) });
    });
    after(async () => {
      await stage.close();
      await drop?.();
    });
    const notes = newNotes();
    for (const { name, title, run } of steps) test(`${name}: ${title}`, async () => void (await run(stage, notes)));
  });
}

/** A journey whose steps reported what they did, rather than what can be seen, would pass these. */
describe('a step that is spoiled fails, and none before it', () => {
  for (const [index, spoiled] of steps.entries()) {
    test(spoiled.name, async () => {
      const stage = await setStage({ ports: freePorts });
      try {
        const notes = newNotes();
        for (const { run } of steps.slice(0, index)) await run(stage, notes);
        await spoiled.spoil(stage, notes);
        await assert.rejects(spoiled.run(stage, notes));
      } finally {
        await stage.close();
      }
    });
  }
});
