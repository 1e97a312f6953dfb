import type { Table } from './table.ts';
import { tables } from './tables/index.ts';

/** One step of the timeline, the same for both databases. Forward only; a released one never changes. */
export interface Migration {
  name: string;
  tables: Readonly<Record<string, Table>>;
}

/** The timeline. */
export const migrations: readonly Migration[] = [{ name: '0001-first', tables }];
