import { statement } from '#store';

const columns = [
  'id',
  'name',
  'kind',
  'redirect_uris',
  'post_logout_redirect_uris',
  'hash',
  'version',
  'created_at',
  'updated_at',
] as const;

export const insertClient = statement(
  'signin.insertClient',
  (
    db,
    p: { id: string; name: string; redirectUris: string; postLogoutRedirectUris: string; hash: string; at: number },
  ) =>
    db
      .insertInto('client')
      .values({
        id: p.id,
        name: p.name,
        kind: 'web',
        redirect_uris: p.redirectUris,
        post_logout_redirect_uris: p.postLogoutRedirectUris,
        hash: p.hash,
        version: 1,
        created_at: p.at,
        updated_at: p.at,
      })
      .returning(columns),
);

export const findClient = statement('signin.findClient', (db, p: { id: string }) =>
  db.selectFrom('client').select(columns).where('id', '=', p.id),
);

export const listClients = statement('signin.listClients', (db, p: { after: string; limit: number }) =>
  db.selectFrom('client').select(columns).where('id', '>', p.after).orderBy('id').limit(p.limit),
);

export const updateClient = statement(
  'signin.updateClient',
  (
    db,
    p: {
      id: string;
      version: number;
      name: string;
      redirectUris: string;
      postLogoutRedirectUris: string;
      at: number;
    },
  ) =>
    db
      .updateTable('client')
      .set((eb) => ({
        name: p.name,
        redirect_uris: p.redirectUris,
        post_logout_redirect_uris: p.postLogoutRedirectUris,
        updated_at: p.at,
        version: eb('version', '+', 1),
      }))
      .where('id', '=', p.id)
      .where('version', '=', p.version)
      .returning(columns),
);

export const removeClient = statement('signin.removeClient', (db, p: { id: string }) =>
  db.deleteFrom('client').where('id', '=', p.id).returning('name'),
);
