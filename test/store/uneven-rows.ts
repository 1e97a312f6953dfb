import type { Tables } from '#store';

/** Rows that not every cell has: by them a condition shows that is missing inside a statement, in a join or a subquery. */
export interface UnevenRow {
  table: keyof Tables;
  /** The own cell, or all others. */
  where: 'own' | 'others';
  /** What differs from the table's sample row. */
  values: Readonly<Record<string, string | number | null>>;
}

const user = (where: UnevenRow['where'], id: string, values: UnevenRow['values'] = {}): UnevenRow => ({
  table: 'scim_user',
  where,
  values: { id, user_name: id, user_name_folded: id, ...values },
});

const group = (where: UnevenRow['where'], id: string, values: UnevenRow['values'] = {}): UnevenRow => ({
  table: 'scim_group',
  where,
  values: { id, display_name: id, display_name_folded: id, ...values },
});

const member = (where: UnevenRow['where'], groupId: string, value: string): UnevenRow => ({
  table: 'scim_membership',
  where,
  values: { group_id: groupId, member_value: value },
});

const entry = (
  where: UnevenRow['where'],
  resourceId: string,
  number: number,
  path: string,
  element: number,
  text: string,
): UnevenRow => ({
  table: 'scim_index',
  where,
  values: { resource_type: 'User', resource_id: resourceId, number, path, element, folded: text, exact: text },
});

function link(accountId: string, id: string, values: UnevenRow['values']): UnevenRow {
  return {
    table: 'account_link',
    where: 'own',
    values: { account_id: accountId, id, object_id: `at ${id}`, ...values },
  };
}

/** An account with a link, and a session by it. */
function accountWith(number: string, values: UnevenRow['values']): UnevenRow[] {
  const [account, by] = [`account-${number}`, `link-${number}`];
  const names = { user_name: account, user_name_folded: account };
  const session = { id: `session-${number}`, account_id: account, link_id: by, user_id: values['user_id'] ?? null };
  return [
    { table: 'account', where: 'own', values: { id: account, ...names } },
    link(account, by, values),
    { table: 'session', where: 'own', values: session },
  ];
}

export const unevenRows: readonly UnevenRow[] = [
  // Ids that are known elsewhere only: what kind of thing a new member is, the directory has to say.
  user('others', 'user-elsewhere'),
  group('others', 'group-elsewhere'),
  // Things elsewhere that come first, where a statement takes the first few.
  member('others', 'id-1', '0-elsewhere'),
  { table: 'scim_request', where: 'others', values: { id: '0-elsewhere' } },
  { table: 'message', where: 'others', values: { id: '0-elsewhere', next_at: 0, ...unique('elsewhere') } },
  // A group that somebody is in elsewhere, but not here; one whose name is another elsewhere; a member of it elsewhere.
  group('own', 'group-2'),
  group('others', 'group-2', { display_name: 'There', display_name_folded: 'there' }),
  member('others', 'group-2', 'id-1'),
  member('others', 'group-2', 'member-elsewhere'),
  // A second user, who is in a group elsewhere only, and in another one here.
  user('own', 'id-2', { display_name: 'Second', display_name_folded: 'second' }),
  user('others', 'id-2', { display_name: 'Elsewhere', display_name_folded: 'elsewhere' }),
  group('own', 'group-3'),
  group('others', 'group-3', { display_name: 'There too', display_name_folded: 'there too' }),
  member('own', 'group-3', 'id-2'),
  member('others', 'id-1', 'id-2'),
  // What filters and sorting find in the index: the second user has a title elsewhere, and comes after the first here.
  entry('own', 'id-1', 10, 'nickName', 0, 'b'),
  entry('own', 'id-2', 10, 'nickName', 0, 'c'),
  entry('others', 'id-2', 10, 'nickName', 0, 'a'),
  entry('others', 'id-2', 11, 'title', 0, 'folded-1'),
  entry('own', 'id-1', 20, 'emails.value', 0, 'z@x.example'),
  entry('own', 'id-1', 21, 'emails.value', 1, 'b@x.example'),
  entry('own', 'id-1', 22, 'emails.primary', 1, 'true'),
  entry('own', 'id-2', 20, 'emails.value', 0, 'c@x.example'),
  entry('others', 'id-1', 22, 'emails.primary', 0, 'true'),
  entry('own', 'id-1', 30, 'emails.type', 1, 'work'),
  entry('own', 'id-2', 30, 'emails.type', 7, 'work'),
  entry('others', 'id-2', 31, 'emails.type', 0, 'work'),
  // Who was deleted in Entra: the first user here, the second elsewhere.
  entry('own', 'id-1', 40, '~formerUserName', 0, 'former'),
  entry('others', 'id-2', 40, '~formerUserName', 0, 'former'),
  // A session whose user is active elsewhere only, and one whose person is switched off elsewhere only.
  ...accountWith('2', { user_id: 'user-elsewhere' }),
  { table: 'account_link', where: 'own', values: { id: 'link-3', object_id: 'off-elsewhere', user_id: 'user-3' } },
  { table: 'session', where: 'own', values: { id: 'session-3', link_id: 'link-3', user_id: 'user-3' } },
  // Both are in a group that may sign in.
  user('own', 'user-3'),
  member('own', 'id-1', 'user-3'),
  member('own', 'id-1', 'user-elsewhere'),
  // A session whose user is in such a group elsewhere only.
  ...accountWith('4', { user_id: 'user-4' }),
  user('own', 'user-4'),
  member('others', 'id-1', 'user-4'),
  // Sessions of accounts whose other link has a user who is active, or in such a group, elsewhere only.
  ...accountWith('6', { user_id: 'user-3' }),
  link('account-6', 'link-7', { user_id: 'user-elsewhere' }),
  ...accountWith('8', { user_id: 'user-3' }),
  link('account-8', 'link-9', { user_id: 'user-4' }),
  // A session of people whom such a connection signs in elsewhere only.
  { table: 'connection_authority', where: 'others', values: { authority: 'authority-elsewhere' } },
  { table: 'account_link', where: 'own', values: { id: 'link-5', authority: 'authority-elsewhere' } },
  { table: 'session', where: 'own', values: { id: 'session-5', link_id: 'link-5' } },
  user('others', 'user-off', { external_id: 'off-elsewhere', active: 0 }),
  // Users without externalId.
  user('own', 'without', { external_id: null }),
  user('others', 'without-elsewhere', { external_id: null }),
];

/** Other values for the columns of a message that are unique. */
function unique(text: string): Record<string, string> {
  return { idempotency_key: text, remote_id: text, arrival: text };
}
