import type { Application } from '../applications/application.ts';
import { holdsRole } from '../directory/directory-roles.ts';
import type { Tenant, User } from '../directory/tenant.ts';
import type { World } from '../world.ts';
import { missingScopes, type ScopesByApi } from './asked-scopes.ts';

/** Whether somebody has to be asked, may consent, or needs an admin. */
export type ConsentState =
  | { readonly kind: 'given' }
  | { readonly kind: 'ask'; readonly scopes: ScopesByApi; readonly mayForAll: boolean }
  | { readonly kind: 'needsAdmin'; readonly scopes: ScopesByApi };

/** Decides by the tenant's setting who may consent to what is missing; `again` asks for all of it once more (`prompt=consent`). */
export function decideConsent(
  world: World,
  { tenant, user }: { readonly tenant: Tenant; readonly user: User },
  application: Application,
  asked: ScopesByApi,
  again: boolean,
): ConsentState {
  const { userConsent } = tenant.signIn.settings;
  if (userConsent === 'implied') return { kind: 'given' };
  const missing = missingScopes(world, tenant, application, user.id, asked);
  const scopes = again ? asked : missing;
  if (Object.keys(scopes).length === 0) return { kind: 'given' };
  const mayForAll = mayConsentForAll(tenant, user);
  const needsAdmin = (appId: string, name: string): boolean =>
    userConsent === 'denied' ||
    isAdminsOnly(world, appId, name) ||
    (userConsent === 'recommended' && isOfManagedPolicy(name));
  const refused = Object.entries(missing).some(([appId, names]) => names.some((name) => needsAdmin(appId, name)));
  return refused && !mayForAll ? { kind: 'needsAdmin', scopes: missing } : { kind: 'ask', scopes, mayForAll };
}

/** Who may consent to delegated permissions for everybody (grant tenant-wide admin consent). */
export function mayConsentForAll(tenant: Tenant, user: User): boolean {
  return holdsRole(
    tenant,
    user.id,
    'Application Administrator',
    'Cloud Application Administrator',
    'Privileged Role Administrator',
  );
}

function isAdminsOnly(world: World, appId: string, name: string): boolean {
  const published = world.applications.get(appId)?.api.oauth2PermissionScopes;
  return published?.find(({ value }) => value === name)?.type === 'Admin';
}

/** Mail, calendars, chats and files of Exchange, Teams and SharePoint: people can't give those away since late 2025. */
const isOfManagedPolicy = (name: string): boolean =>
  /^(Mail|MailboxSettings|Calendars|Contacts|IMAP|POP|SMTP|EWS|EAS|Chat|Channel|Team|OnlineMeetings|Files|Sites)\b/.test(
    name,
  );
