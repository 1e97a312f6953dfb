import type { RowOf } from '../table.ts';
import { accessTables } from './access.ts';
import { apiTables } from './api.ts';
import { connectionTables } from './connections.ts';
import { directoryTables } from './directory.ts';
import { eventTables } from './events.ts';
import { localTables } from './local.ts';
import { mailTables } from './mail.ts';
import { providerTables } from './provider.ts';
import { signinTables } from './signin.ts';
import { storeTables } from './store.ts';

/** Every table, by the room that writes it. */
export const tables = {
  ...storeTables,
  ...eventTables,
  ...accessTables,
  ...connectionTables,
  ...directoryTables,
  ...signinTables,
  ...localTables,
  ...providerTables,
  ...apiTables,
  ...mailTables,
} as const;

/** The rows of every table, as statements see them. */
export type Tables = { [Name in keyof typeof tables]: RowOf<(typeof tables)[Name]> } & {
  migration: { name: string; at: number };
};
