import type { ConnectionSettings } from '#contract';
import { isGuid } from '#entra';
import type { PersonClaims } from '#openid';

/**
 * S10: the roles that a sign-in's claims give. An app role gives the roles that the connection maps it to, or else the one of its
 * own name; a group gives those that it is mapped to. A mapping that is a GUID means the group of that object id: where the token
 * lists groups by name (`cloud_displayname`), a GUID among them may be what somebody called a group, and gives nothing.
 */
export function rolesOf(
  { roleMappings }: Pick<ConnectionSettings, 'roleMappings'>,
  { roles, groups = [] }: Pick<PersonClaims, 'roles' | 'groups'>,
): string[] {
  const mapped = (from: 'appRole' | 'group', means: (value: string) => boolean) =>
    roleMappings.filter((it) => it.from === from && means(it.value)).map(({ role }) => role);
  const areIds = groups.every(isGuid);
  const isListed = (value: string) =>
    isGuid(value) ? areIds && groups.some((it) => it.toLowerCase() === value.toLowerCase()) : groups.includes(value);
  const given = [
    ...roles.flatMap((role) => {
      const found = mapped('appRole', (value) => value === role);
      return found.length === 0 ? [role] : found;
    }),
    ...mapped('group', isListed),
  ];
  return [...new Set(given)].sort();
}

/**
 * S10: the roles that provisioned groups give. A mapping that is a GUID means the group of that object id at Microsoft Entra, and no
 * other: whoever owns a group may rename it. Any other mapping means the display name, and trusts the names of the directory.
 */
export function rolesOfGroups(
  { roleMappings }: Pick<ConnectionSettings, 'roleMappings'>,
  groups: readonly { name: string; externalId: string | null }[],
): string[] {
  return roleMappings.flatMap(({ from, value, role }) => {
    const means = isGuid(value)
      ? ({ externalId }: { externalId: string | null }) => externalId?.toLowerCase() === value.toLowerCase()
      : ({ name }: { name: string }) => name === value;
    return from === 'group' && groups.some(means) ? [role] : [];
  });
}
