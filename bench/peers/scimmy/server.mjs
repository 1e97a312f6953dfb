// SCIMMY with its Express routers, as its README sets it up. It stores nothing itself: the handlers keep users and groups in
// two tables, find what an index can by SQL, and leave everything else to SCIMMY.
import { randomUUID } from 'node:crypto';
import express from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';
import { openTables } from './tables.mjs';

const { PORT, DATABASE_KIND, DATABASE } = process.env;
const token = randomUUID();
const tables = await openTables(DATABASE_KIND, DATABASE);

const columnsOf = (data) => ({
  name: (data.userName ?? data.displayName ?? '').toLowerCase(),
  externalId: data.externalId ?? null,
  email: data.emails?.find(({ type }) => type === 'work')?.value ?? null,
});

/** The column and value of a filter that is one comparison with `eq`, if an index has that attribute. */
function indexed(filter) {
  const [only, ...others] = filter ?? [];
  if (only === undefined || others.length > 0) return undefined;
  const { userName, displayName, externalId, emails } = only;
  const name = userName ?? displayName;
  if (Array.isArray(name) && name[0] === 'eq') return ['name', String(name[1]).toLowerCase()];
  if (Array.isArray(externalId) && externalId[0] === 'eq') return ['external_id', externalId[1]];
  if (Array.isArray(emails?.value) && emails.value[0] === 'eq') return ['email', emails.value[1]];
  return undefined;
}

const handlersOf = (table) => ({
  ingress: async (resource, data) => {
    const { id, meta: _, schemas: __, ...rest } = JSON.parse(JSON.stringify(data));
    const now = new Date().toISOString();
    if (resource.id === undefined) {
      const stored = { ...rest, id: randomUUID(), meta: { created: now, lastModified: now } };
      const inserted = await tables.insert(table, stored.id, columnsOf(stored), JSON.stringify(stored));
      if (!inserted) throw new SCIMMY.Types.Error(409, 'uniqueness', 'the name is taken');
      return stored;
    }
    const before = await tables.find(table, 'id', resource.id);
    if (before.length === 0) throw new SCIMMY.Types.Error(404, null, `${resource.id} not found`);
    const { created } = JSON.parse(before[0]).meta;
    const stored = { ...rest, id: id ?? resource.id, meta: { created, lastModified: now } };
    await tables.update(table, resource.id, columnsOf(stored), JSON.stringify(stored));
    return stored;
  },
  egress: async (resource) => {
    if (resource.id !== undefined) {
      const [found] = await tables.find(table, 'id', resource.id);
      if (found === undefined) throw new SCIMMY.Types.Error(404, null, `${resource.id} not found`);
      return JSON.parse(found);
    }
    const place = indexed(resource.filter);
    const rows = place === undefined ? await tables.all(table) : await tables.find(table, ...place);
    const all = rows.map((row) => JSON.parse(row));
    return resource.filter === undefined || place !== undefined ? all : resource.filter.match(all);
  },
  degress: async (resource) => tables.remove(table, resource.id),
});

SCIMMY.Resources.declare(SCIMMY.Resources.User, handlersOf('users'));
SCIMMY.Resources.declare(SCIMMY.Resources.Group, handlersOf('groups'));
SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false);

const app = express();
app.use(
  '/scim',
  new SCIMMYRouters({
    type: 'bearer',
    handler: (request) => {
      if (request.header('Authorization') !== `Bearer ${token}`) throw new Error('Authorization not detected!');
      return 'bench';
    },
  }),
);
app.listen(Number(PORT), '127.0.0.1', () => console.log(JSON.stringify({ base: '/scim', token })));
