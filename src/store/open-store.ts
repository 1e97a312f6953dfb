import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '#config';
import { lockFolder } from './lock-folder.ts';
import { openPostgres } from './postgres.ts';
import { createSealer, type Sealer } from './seal.ts';
import { openSqlite } from './sqlite.ts';
import type { Store } from './store.ts';

/**
 * Opens the database that the settings name, and the sealer with its keys. With the embedded database the folder is made
 * (0700), locked against a second server, and a sealing key generated into it at first.
 */
export function openStore(config: Config): { store: Store; sealer: Sealer } {
  if (config.databaseUrl !== undefined) {
    return { store: openPostgres(config.databaseUrl), sealer: createSealer(config.sealingKeys ?? []) };
  }
  mkdirSync(config.data, { recursive: true, mode: 0o700 });
  chmodSync(config.data, 0o700);
  const unlock = lockFolder(config.data);
  const store = openSqlite(join(config.data, 'portico.db'));
  const close = async () => {
    await store.close();
    unlock();
  };
  return { store: { ...store, close }, sealer: createSealer(config.sealingKeys ?? [generatedKey(config.data)]) };
}

function generatedKey(folder: string): Buffer {
  const path = join(folder, 'sealing.key');
  if (!existsSync(path)) writeFileSync(path, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  return Buffer.from(readFileSync(path, 'utf8'), 'base64');
}
