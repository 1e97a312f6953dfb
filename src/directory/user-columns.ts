import { fold, type JsonObject, type JsonValue } from '#scim';

/** The columns of a user: what is matched, sorted, shown and asked by other rooms. */
export interface UserColumns {
  userName: string;
  userNameFolded: string;
  externalId: string | null;
  displayName: string | null;
  displayNameFolded: string | null;
  email: string | null;
  active: 0 | 1;
  activeSaid: 0 | 1 | null;
}

/** Reads the columns out of a user. */
export function userColumns(user: JsonObject): UserColumns {
  const userName = textOf(user['userName']) ?? '';
  const displayName = textOf(user['displayName']);
  const active = user['active'];
  return {
    userName,
    userNameFolded: fold(userName),
    externalId: textOf(user['externalId']),
    displayName,
    displayNameFolded: displayName === null ? null : fold(displayName),
    email: emailOf(user['emails']),
    active: active === false ? 0 : 1,
    activeSaid: typeof active === 'boolean' ? (active ? 1 : 0) : null,
  };
}

/** A user by the names of its columns, as the statements that write take it. */
export const userRow = (id: string, columns: UserColumns, document: string, updatedAt: number) => ({
  id,
  user_name: columns.userName,
  user_name_folded: columns.userNameFolded,
  external_id: columns.externalId,
  display_name: columns.displayName,
  display_name_folded: columns.displayNameFolded,
  email: columns.email,
  active: columns.active,
  active_said: columns.activeSaid,
  document,
  updated_at: updatedAt,
});

const textOf = (value: JsonValue | undefined): string | null => (typeof value === 'string' ? value : null);

/** The primary address, else the work one, else the first. */
function emailOf(emails: JsonValue | undefined): string | null {
  const all = Array.isArray(emails) ? emails.filter(isObject) : [];
  const chosen = all.find((each) => each['primary'] === true) ?? all.find((each) => each['type'] === 'work') ?? all[0];
  return textOf(chosen?.['value']);
}

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
