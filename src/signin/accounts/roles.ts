import type { ConnectionSettings } from '#contract';
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

/** S10: the roles that provisioned groups give, each known by its display name or by its object id at Microsoft Entra. */
export function rolesOfGroups(
  { roleMappings }: Pick<ConnectionSettings, 'roleMappings'>,
  groups: readonly { name: string; externalId: string | null }[],
): string[] {
  return roleMappings.flatMap(({ from, value, role }) =>
    from === 'group' && groups.some(({ name, externalId }) => name === value || externalId === value) ? [role] : [],
  );
}
