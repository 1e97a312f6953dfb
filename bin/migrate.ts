import { readConfig } from '#config';
import { migrate, openStore } from '#store';

/** `portico migrate`: brings the database forward and says by which steps. */
export async function runMigrations(): Promise<void> {
  const { store } = openStore(readConfig());
  try {
    const done = await migrate(store, Date.now());
    console.log(done.length === 0 ? 'the database is up to date' : `brought forward by ${done.join(', ')}`);
  } finally {
    await store.close();
  }
}
