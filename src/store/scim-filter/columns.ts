import { sql } from 'kysely';
import type { BoundAttribute } from '#scim';
import type { Column } from './relation.ts';

/** The columns of `scim_user` and `scim_group` (as `r`) that attributes are compared by. */
const columns: Readonly<Record<'User' | 'Group', Readonly<Record<string, Column>>>> = {
  User: {
    id: { sql: sql`r.id` },
    externalId: { sql: sql`r.external_id`, nullable: true },
    userName: { sql: sql`r.user_name_folded` },
    displayName: { sql: sql`r.display_name_folded`, nullable: true },
    active: { sql: sql`r.active_said`, nullable: true, numeric: true },
    'meta.created': { sql: sql`r.created_at`, numeric: true },
    'meta.lastModified': { sql: sql`r.updated_at`, numeric: true },
  },
  Group: {
    id: { sql: sql`r.id` },
    externalId: { sql: sql`r.external_id`, nullable: true },
    displayName: { sql: sql`r.display_name_folded` },
    'meta.created': { sql: sql`r.created_at`, numeric: true },
    'meta.lastModified': { sql: sql`r.updated_at`, numeric: true },
  },
};

/** The column of an attribute whose storage is one. */
export function columnOf(resourceType: 'User' | 'Group', attribute: BoundAttribute): Column {
  const column = columns[resourceType][attribute.path];
  if (column === undefined) throw new Error(`${resourceType} has no column for ${attribute.path}`);
  return column;
}

/** Paths of columns that an index serves. */
export const indexedColumns: ReadonlySet<string> = new Set([
  'id',
  'externalId',
  'userName',
  'displayName',
  'meta.lastModified',
]);
