import { statement } from '#store';
import { shownColumns } from './user.ts';

/** The path in the index under which the name that a soft-deleted user had stands; no attribute has such a path. */
export const formerNamePath = '~formerUserName';

type Asked = {
  organizationId: string;
  directoryId: string;
  from: string;
  to: string;
  /** Whose `active` is within these. */
  least: number;
  most: number;
  after: string;
  afterId: string;
  limit: number;
};

/**
 * Soft-deleted users by the names that they had, from `from` on and before `to`, after the one where the page before ended;
 * without those whose present names lie there too.
 */
export const listUsersByFormerName = statement('directory.listUsersByFormerName', (db, p: Asked) =>
  db
    .selectFrom('scim_index as named')
    .innerJoin('scim_user as u', (join) =>
      join
        .onRef('u.organization_id', '=', 'named.organization_id')
        .onRef('u.directory_id', '=', 'named.directory_id')
        .onRef('u.id', '=', 'named.resource_id'),
    )
    .select([...shownColumns.map((column) => `u.${column}` as const), 'named.folded as former_name_folded'])
    .where('named.organization_id', '=', p.organizationId)
    .where('named.directory_id', '=', p.directoryId)
    .where('named.resource_type', '=', 'User')
    .where('named.path', '=', formerNamePath)
    .where('named.folded', '>=', p.from)
    .where('named.folded', '<', p.to)
    .where('named.folded', '>=', p.after)
    .where((eb) => eb.or([eb('named.folded', '>', p.after), eb('named.resource_id', '>', p.afterId)]))
    .where('u.active', '>=', p.least)
    .where('u.active', '<=', p.most)
    .where((eb) => eb.or([eb('u.user_name_folded', '<', p.from), eb('u.user_name_folded', '>=', p.to)]))
    .orderBy('named.folded')
    .orderBy('named.resource_id')
    .limit(p.limit),
);
