import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Statement, type Tables, type Transaction, tables, type Values } from '#store';
import type { TestWorld } from '../world.ts';
import { makeStatements } from './made-statements.ts';
import { unevenRows } from './uneven-rows.ts';

/** A statement of which only the name is known. */
export type AnyStatement = Statement<Values, Record<string, unknown>>;

const root = fileURLToPath(new URL('../../', import.meta.url));

const made = await makeStatements();
const madeValues = new Map(made.map(({ statement, values }) => [statement.name, values]));

/** Every registered statement: the exports of every `queries` folder, and examples of those made for a filter. */
export async function listStatements(): Promise<AnyStatement[]> {
  const files = globSync('src/*/queries/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts'));
  const modules: Record<string, unknown>[] = await Promise.all(
    files.map((file) => import(new URL(`../../${file}`, import.meta.url).href)),
  );
  return [...modules.flatMap((it) => Object.values(it)).filter(isStatement), ...made.map(({ statement }) => statement)];
}

const isStatement = (it: unknown): it is AnyStatement =>
  typeof it === 'object' && it !== null && 'compile' in it && 'name' in it;

/** Where a row lies: two organizations with two connections each, and the same ids in all of them. */
export interface Cell {
  organization: string;
  connection: string;
}
export const own: Cell = { organization: 'org-a', connection: 'con-x' };
export const cells: readonly Cell[] = [
  own,
  { organization: 'org-a', connection: 'con-y' },
  { organization: 'org-b', connection: 'con-x' },
];

/** Columns whose rows have to look a certain way so that statements find them. */
const columnValues: Readonly<Record<string, string | number>> = {
  state: 'current',
  enabled: 1,
  active: 1,
  disabled: 0,
  position: 1,
  version: 1,
  attempts: 1,
  number: 1,
};

/** The like, for one column of one table. */
const cellValues: Readonly<Record<string, string | number | null>> = {
  'due.at': 1,
  'sign_in_request.answer': null,
  'event_feed.event_id': 'id-1',
  'limit_window.started_at': 4_000_000_000_000,
  'message.state': 'sending',
  'message.next_at': 1,
  'message_attempt.outcome': 'started',
  'scim_membership.group_id': 'id-1',
  'scim_membership.member_value': 'id-1',
  'scim_request.resource_id': 'id-1',
  'scim_request.about': 'about-1',
  'scim_held_change.user_id': 'id-1',
  'scim_held_change.state': 'held',
  'scim_index.resource_type': 'User',
  'scim_index.resource_id': 'id-1',
  'scim_index.path': 'title',
  'scim_index.element': 0,
  'account_link.account_id': 'id-1',
  'account_link.user_id': 'id-1',
  'account_event.account_id': 'id-1',
  'account_event.event_id': 'id-1',
  'consent.account_id': 'id-1',
  'product_session.session_id': 'id-1',
  'session.account_id': 'id-1',
  'session.link_id': 'id-1',
  'session.user_id': 'id-1',
  'session.expires_at': 100,
  'sign_in_test.state': 'waiting',
  'access_request.state': 'waiting',
  'webhook_delivery.state': 'waiting',
  'user_name.past': 1,
  'user_name.kept_until': 5,
  'local_password.account_id': 'id-1',
  'local_link.account_id': 'id-1',
  'passkey.account_id': 'id-1',
  'local_attempts.last_at': 5,
  'local_attempts.locked_until': 5,
};

/** What a column holds in the rows of a cell. */
function sampleOf(table: string, column: string, type: string, cell: Cell): string | number | null {
  const given = cellValues[`${table}.${column}`];
  if (given !== undefined) return given;
  if (column === 'organization_id') return cell.organization;
  if (column === 'connection_id' || column === 'directory_id') return cell.connection;
  if (table === 'connection' && column === 'id') return cell.connection;
  if (table === 'organization' && column === 'id') return cell.organization;
  const common = columnValues[column];
  if (common !== undefined) return common;
  if (type.endsWith('?') && column.endsWith('_at')) return null;
  if (type.startsWith('integer')) return 5;
  if (type.startsWith('bytes')) return null;
  return `${column}-1`;
}

/** The rows that a table has for some cells; unscoped tables have one row for each. */
function rowsFor(
  name: keyof Tables & keyof typeof tables,
  among: readonly Cell[],
): Record<string, string | number | null>[] {
  const table = tables[name];
  const key: readonly string[] = table.key;
  const rows = among.map((cell) =>
    Object.fromEntries(
      Object.entries(table.columns).map(([column, type]) => [column, sampleOf(name, column, type, cell)]),
    ),
  );
  // Of rows that share a key the first cell's stays: the own one.
  const byKey = new Map(rows.toReversed().map((row) => [JSON.stringify(key.map((column) => row[column])), row]));
  const uneven = among.flatMap((cell, index) =>
    unevenRows
      .filter(({ table, where }) => table === name && (where === 'own') === (cell === own) && cells.includes(cell))
      .map(({ values }) => ({ ...rows[index], ...values })),
  );
  return [...byKey.values(), ...uneven];
}

/** Values for parameters by name. The same name means the same thing in every statement. */
const parameterValues: Readonly<Record<string, string | number>> = {
  organizationId: own.organization,
  connectionId: own.connection,
  directoryId: own.connection,
  limit: 10,
  at: 6,
  now: 6,
  in: 0,
  leaseMs: 1000,
  windowMs: 1000,
  after: '',
  before: '~',
  version: 1,
  generation: 5,
  attempts: 2,
  days: 6,
  lastStatus: 6,
  groupId: 'id-1',
  memberValue: 'id-1',
  resourceId: 'id-1',
  accountId: 'id-1',
  linkId: 'id-1',
  userId: 'id-1',
  from: '',
  to: '~',
  facets: '[]',
  more: 1,
  versions: 1,
};

/** The like, where one statement differs. */
const statementValues: Readonly<Record<string, Values>> = {
  'connections.findConnection': { id: own.connection },
  'connections.lockConnection': { id: own.connection },
  'connections.updateConnection': { id: own.connection },
  'connections.removeConnection': { id: own.connection },
  'signin.removeProviderKeys': { below: 100 },
  'events.listOldest': { after: 0 },
  'events.listNewest': { before: 100 },
  'events.listOldestOfType': { after: 0 },
  'events.listNewestOfType': { before: 100 },
  'events.numberEvents': { ids: '["id-1"]', base: 10 },
  'events.advancePosition': { count: 1 },
  'events.insertEvents': {
    rows: '[{"id":"new","type":"user.created","at":6,"actor":"{}","subject_type":"user","subject_id":"id-1","data":"{}"}]',
  },
  'events.insertPending': { rows: '[{"id":"new"}]' },
  'events.insertDeliveries': { rows: '[{"webhook_id":"new","event_id":"new","event_type":"type-1"}]' },
  'api.forgetKeys': { before: 100 },
  'connections.insertDomainOwner': { domain: 'new' },
  'connections.updateDomainTrusted': { trusted: 1 },
  'connections.insertDomainScope': { domain: 'new' },
  'connections.retireSecrets': { except: 'other' },
  'signin.listProductSessions': { sessionIds: '["id-1"]' },
  'signin.removeProductsOfSessions': { sessionIds: '["id-1"]' },
  'signin.findProductSession': { sessionId: 'id-1', sid: 'sid-1' },
  'signin.removeProductSession': { sessionId: 'id-1', sid: 'sid-1' },
  'signin.expireGrant': { at: 1 },
  'signin.touchSessions': { ids: '["id-1"]' },
  'signin.removeSessionsOfAccountUntil': { until: 100 },
  'store.listAccountsWithSessions': { userIds: '["id-1"]', externalIds: '["object_id-1"]' },
  'signin.insertAccountEvent': { eventId: 'new' },
  'signin.updateAccount': { disabled: 1 },
  'signin.insertAccessRequest': { objectId: 'new' },
  'signin.decideAccessRequest': { decision: 'approved' },
  'signin.listAccessRequests': { state: 'waiting' },
  'signin.insertInvitation': { id: 'new' },
  'signin.consumeInvitation': { at: 1 },
  'signin.removeExpiredInvitations': { before: 100 },
  'signin.insertUserName': { folded: 'new' },
  'signin.leaveUserName': { keptUntil: 9 },
  'signin.removeOldUserNames': { now: 100 },
  'signin.findAccountsByUserName': { afterText: '', to: '~' },
  'signin.findAccountsByName': { afterText: '', from: 'name_folded-1', to: 'name_folded-2' },
  'signin.findAccountsByEmail': { afterText: '', from: 'email_folded-1', to: 'email_folded-2' },
  'signin.insertAccount': { userNameFolded: 'new' },
  'signin.insertLink': { objectId: 'new' },
  'signin.findLinkedAccount': { objectId: 'at link-2' },
  'signin.keepAnswer': { now: 0 },
  'signin.updateSignInOutcome': { outcome: 'new' },
  'signin.removeExpiredSessions': { now: 1000 },
  'signin.lockName': { until: 6, locks: 6 },
  'signin.countAttempt': { forgetBefore: 1 },
  'signin.holdPassword': { was: 'hash-1', hash: 'new' },
  'signin.savePassword': { hash: 'new' },
  'signin.insertPasskey': { id: 'new' },
  'signin.updatePasskeyName': { name: 'new' },
  'signin.consumeChallenge': { hash: 'new' },
  'signin.removeExpiredChallenges': { now: 100 },
  'signin.removeExpiredLocalLinks': { now: 100 },
  'signin.removeExpiredAttempts': { now: 100 },
  'signin.findPasskey': { authority: 'authority-1' },
  'signin.removeExpiredArtifacts': { before: 100 },
  'mail.holdMailbox': { heldUntil: 6 },
  'mail.listMessagesByState': { state: 'sending' },
  'mail.claimMessage': { claim: 'other' },
  'mail.keepProgress': { attempts: 1, progress: 'new' },
  'mail.settleMessage': { attempts: 1 },
  'mail.listKnown': { remoteIds: '["remote_id-1"]' },
  'mail.removeBodies': { messageIds: '["message_id-1"]' },
  'mail.removeAttempts': { messageIds: '["message_id-1"]' },
  'mail.insertAttempt': { number: 2 },
  'mail.closeLeftAttempts': { number: 2 },
  'directory.listOtherDemand': { machine: 'another', since: 1 },
  'directory.removeOldDemand': { since: 100 },
  'directory.insertEntries': {
    entries: '[{"resource_id":"new","number":1,"path":"title","element":0,"folded":"a","exact":"A"}]',
  },
  'directory.removeEntries': { resourceIds: '["id-1"]' },
  'directory.removeNumberedEntries': { rows: '[{"resource_id":"id-1","number":1}]' },
  'directory.lockUsers': { ids: '["id-1"]' },
  'directory.updateUsers': {
    rows: '[{"id":"id-1","user_name":"a","user_name_folded":"new","active":1,"document":"{}","updated_at":6,"version":2}]',
  },
  'directory.insertUsers': {
    rows: '[{"id":"new","user_name":"a","user_name_folded":"new","active":1,"document":"{}","created_at":6,"updated_at":6}]',
  },
  'directory.insertMembers': {
    members: '[{"value":"new"},{"value":"user-elsewhere"},{"value":"group-elsewhere"}]',
  },
  'directory.findAnchor': { offset: 10 },
  'directory.findUserAfter': { skip: 0 },
  'directory.findGroupAfter': { skip: 0 },
  'directory.saveAnchored': { usersAnchored: 'new' },
  'directory.insertAnchor': { id: 'new' },
  'directory.lockCounts': { shards: '[{"shard":5},{"shard":6}]' },
  'directory.removeMembers': { values: '["id-1"]' },
  'directory.removeOtherMembers': { values: '[]', limit: 1 },
  'directory.forgetRequests': { limit: 1 },
  'directory.countOneLess': { ids: '["id-1"]' },
  'directory.forgetRefused': { state: 'held', before: 100 },
  'directory.forgetDeletedUsers': { before: 100 },
  'store.findNotAdmitted': { userId: 'user-4' },
  'directory.insertAdmissions': { rows: '[{"display_name_folded":"new"}]' },
  'directory.updateBrake': { held: 6 },
  'directory.findDepartures': { minute: 1 },
  'directory.forgetDepartures': { before: 100 },
  'directory.removeHeldChange': { state: 'held' },
  'directory.decideHeldOf': { from: 'held', userIds: '["id-1"]' },
  'directory.listReleased': { state: 'held' },
  'directory.listHeldChanges': { state: 'held' },
  'directory.listUsersByFormerName': { from: 'former', to: 'formes', afterId: '', least: 1, most: 1 },
  'directory.insertRequests': {
    rows: '[{"id":"new","at":1,"method":"GET","path":"/","status":200,"microseconds":1,"kind":"read","facet":"read GET 200","outcome":"x"}]',
  },
};

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Columns that hold numbers, in any table: parameters named after them take one. */
const numeric = new Set(
  Object.values(tables).flatMap(({ columns }) =>
    Object.entries(columns)
      .filter(([, type]) => type.startsWith('integer'))
      .map(([column]) => column),
  ),
);

/** Values under which a statement finds the rows of its own cell. New rows get ids of their own. */
export function samplesFor(statement: AnyStatement): Values {
  const values: Record<string, string | number | null | Uint8Array> = {};
  for (const name of statement.compile('sqlite').takes) {
    const column = snake(name);
    values[name] =
      statementValues[statement.name]?.[name] ??
      madeValues.get(statement.name)?.[name] ??
      parameterValues[name] ??
      (numeric.has(column) || numeric.has(`${column}_at`)
        ? (columnValues[column] ?? 5)
        : sampleText(statement, name, column));
  }
  return values;
}

function sampleText(statement: AnyStatement, name: string, column: string): string {
  const inserts =
    /^insert into/.test(statement.compile('sqlite').sql) && (name === 'id' || name === 'key' || name === 'domain');
  return inserts ? 'new' : `${column}-1`;
}

const literal = (value: unknown): string =>
  value === null ? 'null' : typeof value === 'number' ? String(value) : `'${String(value).replaceAll("'", "''")}'`;

/** Fills every table with the rows of some cells. */
export async function fill(world: TestWorld, among: readonly Cell[]): Promise<void> {
  for (const name of Object.keys(tables) as (keyof Tables & keyof typeof tables)[]) {
    for (const row of rowsFor(name, among)) {
      await world.execute(
        `insert into ${name} (${Object.keys(row).join(', ')}) values (${Object.values(row).map(literal).join(', ')})`,
      );
    }
  }
}

class Undo extends Error {}

/** Does something in a transaction, and undoes it. */
export async function rolledBack<T>(world: TestWorld, work: (tx: Transaction) => Promise<T>): Promise<T> {
  let done: { result: T } | undefined;
  await world.store
    .write(async (tx) => {
      done = { result: await work(tx) };
      throw new Undo();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undo)) throw error;
    });
  if (done === undefined) throw new Error('nothing was done');
  return done.result;
}
