/**
 * Owns the database, not the tables' meaning: the two databases behind one interface, shared commits, the migration
 * timeline and row types, registered statements, sealing, due work with leases, limits that all machines see.
 * Never does: know what a row means; that is the business of the room that writes it.
 * Start reading at `store.ts`, then `statement.ts`, then `tables/`.
 */
export { type ExpressionBuilder, type RawBuilder, sql } from 'kysely';
export {
  becomesDue,
  type DueHandler,
  type DueOutcome,
  type DueWork,
  startWorker,
  takeBackLeases,
  type Worker,
} from './due-work.ts';
export { insertRows } from './insert-rows.ts';
export { countManyTowards, countTowards, findWait, type Limit } from './limit.ts';
export { migrate } from './migrate.ts';
export { networkOf } from './network-of.ts';
export { idAt, newId } from './new-id.ts';
export { openStore } from './open-store.ts';
export { type PageQuery, toPage } from './page.ts';
export { perPortico } from './per-portico.ts';
export { listAccountsWithSessions } from './queries/accounts-with-sessions.ts';
export {
  activeSubject,
  findDeletedSubject,
  findNotAdmitted,
  findSubject,
  findSubjectById,
  listGroupsOfSubject,
  type SubjectColumns,
  shutOut,
} from './queries/active-subject.ts';
export { findAnyAccount } from './queries/any-account.ts';
export { RehearsalTooLong, rehearse } from './rehearse.ts';
export { columnOf } from './scim-filter/columns.ts';
export {
  type FilterPlace,
  filterShape,
  filterSql,
  filterValues,
  isServedByIndex,
  memberFilterSql,
} from './scim-filter-sql.ts';
export { createSealer, type Place, type Sealer } from './seal.ts';
export { databaseNow, forUpdate, isAmong, textList, textRows } from './sql.ts';
export {
  type Compiled,
  type Database,
  type Dialect,
  fieldOf,
  rawStatement,
  type Statement,
  statement,
  type Values,
} from './statement.ts';
export { only, type Store, StoreUnavailable, type Transaction } from './store.ts';
export { type Tables, tables } from './tables/index.ts';
export type { Together } from './together.ts';
export { createTurns } from './turns.ts';
export type { Log, World } from './world.ts';
