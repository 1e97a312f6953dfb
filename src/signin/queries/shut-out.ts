import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely';
import { shutOut, type Tables } from '#store';

/**
 * Whether a directory shut the person of an account out, by another of its links than one: who is switched off there is out by every way. The
 * columns are given as `table.column`; most accounts have one link, and cost one look into an index.
 */
export function isShutOut(
  p: { organizationId: string },
  of: { account: string; exceptLink: string | undefined },
): Expression<SqlBool> {
  const { exists, selectFrom } = expressionBuilder<Tables, never>();
  const links = selectFrom('account_link as other')
    .select('other.id')
    .where('other.organization_id', '=', p.organizationId)
    .where('other.account_id', '=', sql.ref<string>(of.account))
    .where(shutOut(p, { directory: 'other.connection_id', user: 'other.user_id', externalId: 'other.object_id' }));
  return exists(of.exceptLink === undefined ? links : links.where('other.id', '<>', sql.ref<string>(of.exceptLink)));
}
