import type { ConnectionSettings } from '#contract';
import { isGuid } from '#entra';
import type { PersonClaims } from '#openid';

/**
 * S10: the roles that a sign-in's claims give. An app role gives the roles that the connection maps it to, or else the one of its
 * own name; a group gives those that it is mapped to.
 */
export function rolesOf(
  { roleMappings }: Pick<ConnectionSettings, 'roleMappings'>,
  { roles, groups = [] }: Pick<PersonClaims, 'roles' | 'groups'>,
): string[] {
  const mapped = (from: 'appRole' | 'group', value: string) =>
    roleMappings.filter((it) => it.from === from && it.value === value).map(({ role }) => role);
  const given = [
    ...roles.flatMap((value) => {
      const found = mapped('appRole', value);
      return found.length === 0 ? [value] : found;
    }),
    ...groups.flatMap((value) => mapped('group', value)),
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
