import { type Dialect, type ExpressionBuilder, sql, type Tables } from '#store';

/**
 * The groups of a user `r` as the JSON text of the SCIM attribute `groups`, null without any: put together by the database,
 * so that it goes into the answer unparsed.
 */
export function groupsOf(
  eb: ExpressionBuilder<Tables & { r: Tables['scim_user'] }, 'r'>,
  p: { organizationId: string; directoryId: string; baseUrl: string },
  dialect: Dialect,
) {
  const one = sql`'value', g.id, '$ref', ${p.baseUrl} || '/Groups/' || g.id, 'display', g.display_name, 'type', 'direct'`;
  const all =
    dialect === 'postgres'
      ? sql<string | null>`json_agg(json_build_object(${one}) order by g.id)::text`
      : sql<string | null>`nullif(json_group_array(json_object(${one})), '[]')`;
  return eb
    .selectFrom('scim_membership as m')
    .innerJoin('scim_group as g', (join) =>
      join
        .on('g.organization_id', '=', p.organizationId)
        .on('g.directory_id', '=', p.directoryId)
        .onRef('g.id', '=', 'm.group_id'),
    )
    .select(all.as('groups'))
    .where('m.organization_id', '=', p.organizationId)
    .where('m.directory_id', '=', p.directoryId)
    .whereRef('m.member_value', '=', 'r.id');
}
