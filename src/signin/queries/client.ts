import { forUpdate, statement } from '#store';

const columns = [
  'id',
  'name',
  'kind',
  'settings',
  'secrets',
  'identifier',
  'version',
  'created_at',
  'updated_at',
] as const;

type Written = { id: string; name: string; settings: string; identifier: string | null; at: number };

/** Adds a client, unless another one has its identifier. */
export const insertClient = statement('signin.insertClient', (db, p: Written & { kind: string; secrets: string }) =>
  db
    .insertInto('client')
    .values({
      id: p.id,
      name: p.name,
      kind: p.kind,
      settings: p.settings,
      secrets: p.secrets,
      identifier: p.identifier,
      version: 1,
      created_at: p.at,
      updated_at: p.at,
    })
    .onConflict((conflict) => conflict.column('identifier').doNothing())
    .returning(columns),
);

export const findClient = statement('signin.findClient', (db, p: { id: string }) =>
  db.selectFrom('client').select(columns).where('id', '=', p.id),
);

/** A client whose secrets are about to change: who changes them too waits. */
export const lockClient = statement('signin.lockClient', (db, p: { id: string }, dialect) =>
  forUpdate(db.selectFrom('client').select(columns).where('id', '=', p.id), dialect),
);

/** The API that has an identifier. */
export const findClientByIdentifier = statement('signin.findClientByIdentifier', (db, p: { identifier: string }) =>
  db.selectFrom('client').select(columns).where('identifier', '=', p.identifier),
);

export const listClients = statement('signin.listClients', (db, p: { after: string; limit: number }) =>
  db.selectFrom('client').select(columns).where('id', '>', p.after).orderBy('id').limit(p.limit),
);

export const updateClient = statement('signin.updateClient', (db, p: Written & { version: number }) =>
  db
    .updateTable('client')
    .set((eb) => ({
      name: p.name,
      settings: p.settings,
      identifier: p.identifier,
      updated_at: p.at,
      version: eb('version', '+', 1),
    }))
    .where('id', '=', p.id)
    .where('version', '=', p.version)
    .returning(columns),
);

/** Sets the secrets of a client, unless they were set meanwhile. */
export const updateClientSecrets = statement(
  'signin.updateClientSecrets',
  (db, p: { id: string; version: number; secrets: string; at: number }) =>
    db
      .updateTable('client')
      .set((eb) => ({ secrets: p.secrets, updated_at: p.at, version: eb('version', '+', 1) }))
      .where('id', '=', p.id)
      .where('version', '=', p.version)
      .returning(columns),
);

/** Notes at which days before their ends secrets were announced: no change of the client for those who look at it. */
export const markSecretsWarned = statement('signin.markSecretsWarned', (db, p: { id: string; secrets: string }) =>
  db.updateTable('client').set({ secrets: p.secrets }).where('id', '=', p.id),
);

export const removeClient = statement('signin.removeClient', (db, p: { id: string }) =>
  db.deleteFrom('client').where('id', '=', p.id).returning('name'),
);
