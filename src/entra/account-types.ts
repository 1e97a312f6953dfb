import { personalTenantId } from './clouds.ts';

/** Whose accounts may sign in by a connection. */
export type AccountType =
  | 'oneTenant'
  | 'selectedTenants'
  | 'anyOrganization'
  | 'anyOrganizationAndPersonal'
  | 'personalOnly';

/** The `signInAudience` of an app registration (entra-docs supported-accounts-validation.md). */
export type SignInAudience =
  | 'AzureADMyOrg'
  | 'AzureADMultipleOrgs'
  | 'AzureADandPersonalMicrosoftAccount'
  | 'PersonalMicrosoftAccount';

/** Which tenants' tokens a connection takes: those listed or any organization's, and personal accounts or not. */
export interface IssuerRule {
  readonly tenants: readonly string[] | 'any';
  readonly personal: boolean;
}

/** What an account type means at Entra. */
export interface AccountTypeFacts {
  readonly type: AccountType;
  readonly title: string;
  readonly signInAudience: SignInAudience;
  /** How many tenant ids it needs. */
  readonly tenantIds: 'one' | 'several' | 'none';
}

/** The account types, narrowest first. */
export const accountTypes: readonly AccountTypeFacts[] = [
  { type: 'oneTenant', title: 'One tenant', signInAudience: 'AzureADMyOrg', tenantIds: 'one' },
  { type: 'selectedTenants', title: 'Selected tenants', signInAudience: 'AzureADMultipleOrgs', tenantIds: 'several' },
  { type: 'anyOrganization', title: 'Any organization', signInAudience: 'AzureADMultipleOrgs', tenantIds: 'none' },
  {
    type: 'anyOrganizationAndPersonal',
    title: 'Any organization and personal accounts',
    signInAudience: 'AzureADandPersonalMicrosoftAccount',
    tenantIds: 'none',
  },
  {
    type: 'personalOnly',
    title: 'Personal accounts only',
    signInAudience: 'PersonalMicrosoftAccount',
    tenantIds: 'none',
  },
];

/**
 * The path value to sign in with. A single known tenant is always named: guests are signed in to their home tenant
 * otherwise (entra-docs v2-protocols-oidc.md), and a single-tenant app fails on `common` with AADSTS50194.
 */
export function authorityTenant(type: AccountType, tenantIds: readonly string[]): string {
  switch (type) {
    case 'oneTenant':
    case 'selectedTenants':
      return tenantIds.length === 1 && tenantIds[0] !== undefined ? tenantIds[0] : 'organizations';
    case 'anyOrganization':
      return 'organizations';
    case 'anyOrganizationAndPersonal':
      return 'common';
    case 'personalOnly':
      return 'consumers';
  }
}

/** Which issuers an account type takes, given the connection's tenant ids. */
export function issuerRuleOf(type: AccountType, tenantIds: readonly string[]): IssuerRule {
  switch (type) {
    case 'oneTenant':
    case 'selectedTenants':
      return { tenants: tenantIds.map((tenantId) => tenantId.toLowerCase()), personal: false };
    case 'anyOrganization':
      return { tenants: 'any', personal: false };
    case 'anyOrganizationAndPersonal':
      return { tenants: 'any', personal: true };
    case 'personalOnly':
      return { tenants: [], personal: true };
  }
}

/** Says whether a rule takes a tenant; personal accounts are one tenant of their own and need `personal`. */
export function takesTenant(rule: IssuerRule, tenantId: string): boolean {
  const wanted = tenantId.toLowerCase();
  if (wanted === personalTenantId) return rule.personal;
  return rule.tenants === 'any' || rule.tenants.some((listed) => listed.toLowerCase() === wanted);
}
