import { readConfig } from '#config';
import { type EntraWorld, withEntra } from '#connections';
import { openStore, type Store, type Values } from '#store';
import { startPortico } from '../bin/compose.ts';
import { openLines, signIn } from './load/journey.ts';
import type { SignInPortico } from './portico-sign-in.ts';

/** What one sign-in did that nothing can avoid: its requests, and for each durable commit the bytes of each row it wrote. */
export interface Counted {
  requests: number;
  commits: readonly (readonly number[])[];
}

/** Runs a Portico in this process, and counts what a sign-in of somebody who has an account writes. */
export async function countSignIn({ settings, target }: SignInPortico, login: string): Promise<Counted> {
  const config = readConfig(settings);
  const { store, sealer } = openStore(config);
  let commits: number[][] = [];
  const counting: Store = {
    ...store,
    dialect: store.dialect,
    write: (work) =>
      store.write(async (tx) => {
        const rows: number[] = [];
        const note = (sql: string, params: Values) => {
          const bytes = Object.values(params).reduce<number>((sum, value) => sum + String(value ?? '').length, 0);
          if (!/^select/i.test(sql)) rows.push(bytes);
        };
        const result = await work({
          dialect: tx.dialect,
          run: (statement, params) => {
            note(statement.compile(tx.dialect).sql, params);
            return tx.run(statement, params);
          },
          send: (statement, params, check) => {
            note(statement.compile(tx.dialect).sql, params);
            tx.send(statement, params, check);
          },
        });
        commits.push(rows);
        return result;
      }),
  };
  const quiet = () => undefined;
  const log: EntraWorld['log'] = { debug: quiet, info: quiet, warn: quiet, error: console.error };
  const world = withEntra({ config, store: counting, sealer, now: Date.now, fetch, log });
  const running = await startPortico(world);
  const lines = openLines();
  try {
    await signIn(lines, target, login);
    // What is done in the background by then is not the sign-in's.
    await new Promise((wake) => setTimeout(wake, 1000));
    commits = [];
    const { requests } = await signIn(lines, target, login);
    return { requests, commits: [...commits] };
  } finally {
    lines.close();
    await running.stop();
  }
}
