import { documentText, fold, indexEntries, USER_TYPE } from '#scim';
import { rawStatement, type Store } from '#store';
import { entraUser, externalIdOf, nameOf } from './load/works.ts';

interface Scope {
  organizationId: string;
  directoryId: string;
}

/** The id of person n among those that are put into the tables directly; they grow with n. */
export const idOf = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** The id of the group into which `putMembers` puts people. */
export const groupIdOf = (members: number): string => `01900000-0000-7000-9000-${String(members).padStart(12, '0')}`;

const at = 1_790_000_000_000;
const text = (value: string) => `'${value.replaceAll("'", "''")}'`;

/**
 * Puts people 0 … many - 1 into the tables by SQL that makes all rows from one: a million within a minute. Each row is what
 * Portico itself stores of Entra's body, with the number in it.
 */
export async function putUsers(store: Store, { organizationId, directoryId }: Scope, many: number): Promise<void> {
  // The number that stands for every other: no other digits of the rows look like it.
  const mark = 777_777_777_777;
  const user = { ...entraUser(nameOf(mark), externalIdOf(mark)), active: true, id: idOf(mark) };
  const { meta: _, ...resource } = user;
  const scope = `${text(organizationId)}, ${text(directoryId)}`;
  const padded = store.dialect === 'postgres' ? "lpad(n::text, 12, '0')" : "printf('%012d', n)";
  // In names the number is not padded, in ids it is; digits that Entra's body takes from the end of the id stay as they are.
  const numbered = (value: string) =>
    `replace(replace(${text(value)}, ${text(idOf(mark).slice(-12))}, ${padded}), 'person.' || ${padded}, 'person.' || n)`;
  const document = documentText(resource, USER_TYPE);
  const name = nameOf(mark);
  for (let from = 0; from < many; from += atOnce) {
    const series = seriesOf(store, from, Math.min(many, from + atOnce));
    const columns = [idOf(mark), name, fold(name), externalIdOf(mark), user.displayName, fold(user.displayName), name];
    await execute(
      store,
      `insert into scim_user (organization_id, directory_id, id, user_name, user_name_folded, external_id, display_name, display_name_folded, email, active, active_said, document, version, created_at, updated_at)
       select ${scope}, ${columns.map(numbered).join(', ')}, 1, 1, ${numbered(document)}, 1, ${at}, ${at} from ${series}`,
    );
    for (const [number, { path, element, folded, exact }] of indexEntries(resource, USER_TYPE).entries()) {
      const values = `${numbered(idOf(mark))}, ${number}, ${text(path)}, ${element}, ${numbered(folded)}, ${numbered(exact)}`;
      await execute(
        store,
        `insert into scim_index (organization_id, directory_id, resource_type, resource_id, number, path, element, folded, exact)
         select ${scope}, 'User', ${values} from ${series}`,
      );
    }
  }
  await execute(
    store,
    `insert into directory_count (organization_id, directory_id, shard, users, active_users, groups, users_anchored, groups_anchored) values (${scope}, 0, ${many}, ${many}, 0, '', '')`,
  );
  // No transaction may be around it.
  if (store.dialect === 'postgres') await store.read(rawStatement('vacuum analyze'), {});
}

/** Puts a group into the tables that has people 0 … members - 1 as its members. */
export async function putGroup(store: Store, { organizationId, directoryId }: Scope, members: number): Promise<void> {
  const scope = `${text(organizationId)}, ${text(directoryId)}`;
  const id = groupIdOf(members);
  const schemas = ['urn:ietf:params:scim:schemas:core:2.0:Group'];
  const name = `Group of ${members}`;
  const document = JSON.stringify({ schemas, id, displayName: name });
  await execute(
    store,
    `insert into scim_group (organization_id, directory_id, id, display_name, display_name_folded, external_id, document, member_count, version, created_at, updated_at)
     values (${scope}, ${text(id)}, ${text(name)}, ${text(fold(name))}, null, ${text(document)}, ${members}, 1, ${at}, ${at})`,
  );
  const padded = store.dialect === 'postgres' ? "lpad(n::text, 12, '0')" : "printf('%012d', n)";
  await execute(
    store,
    `insert into scim_membership (organization_id, directory_id, group_id, member_value, member_type)
     select ${scope}, ${text(id)}, '01900000-0000-7000-8000-' || ${padded}, 'User' from ${seriesOf(store, 0, members)}`,
  );
}

const execute = (store: Store, sql: string) => store.write((tx) => tx.run(rawStatement(sql), {}));

const atOnce = 50_000;

const seriesOf = ({ dialect }: Store, from: number, to: number): string =>
  dialect === 'postgres'
    ? `generate_series(${from}, ${to - 1}) as n`
    : `(with recursive numbers (n) as (select ${from} union all select n + 1 from numbers where n < ${to - 1}) select n from numbers)`;
