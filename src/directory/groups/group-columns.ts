import { fold, type JsonObject, ScimError } from '#scim';

/** The columns of a group: what is matched, sorted and shown. */
export interface GroupColumns {
  displayName: string;
  displayNameFolded: string;
  externalId: string | null;
}

/** Reads the columns out of a group. */
export function groupColumns({ displayName, externalId }: JsonObject): GroupColumns {
  const name = typeof displayName === 'string' ? displayName : '';
  return {
    displayName: name,
    displayNameFolded: fold(name),
    externalId: typeof externalId === 'string' ? externalId : null,
  };
}

/** 409 for a name that another group has. */
export const displayNameTaken = (displayName: string): ScimError =>
  new ScimError(
    409,
    'uniqueness',
    `displayName ${JSON.stringify(displayName)} is already the name of a group in this directory`,
  );
