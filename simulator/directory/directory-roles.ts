import type { Tenant } from './tenant.ts';

/** Built-in directory roles that matter to who connects apps, by their template ids (Microsoft Entra built-in roles). */
export const directoryRoles = {
  'Global Administrator': '62e90394-69f5-4237-9190-012177145e10',
  'Privileged Role Administrator': 'e8611ab8-c189-46e8-94e1-60213ab1f814',
  'Application Administrator': '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3',
  'Cloud Application Administrator': '158c047a-c907-4556-b7ef-446551a6b5f7',
  'Exchange Administrator': '29232cdf-9323-42fd-ade2-1d097af3e4de',
  'User Administrator': 'fe930be7-5e62-47db-91af-98c3a49a38b1',
} as const;

/** Name of a built-in directory role. */
export type DirectoryRole = keyof typeof directoryRoles;

/** Whether a user holds one of some directory roles; a Global Administrator holds all. */
export function holdsRole(tenant: Tenant, userId: string, ...anyOf: readonly DirectoryRole[]): boolean {
  const held = tenant.directoryRoles.get(userId);
  return held !== undefined && [...anyOf, 'Global Administrator' as const].some((name) => held.has(name));
}
