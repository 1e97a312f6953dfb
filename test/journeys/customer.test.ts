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
      // The demo has more people sign in while the secret is replaced.
      const fewer = { ports: freePorts, signIns: 60 };
      stage = await setStage({ ...fewer, ...(database === undefined ? {} : { databaseUrl: database.url }) });
    });
    after(async () => {
      await stage.close();
      await drop?.();
    });
    const notes = newNotes();
    for (const { name, title, run } of steps) test(`${name}: ${title}`, async () => void (await run(stage, notes)));
  });
}
