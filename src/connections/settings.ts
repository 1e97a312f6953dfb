import { type ConnectionSettings, type CreateConnection, firstSettings, type UpdateConnection } from '#contract';
import { authorityTenant, checkClientId, checkTenant } from '#entra';
import { Problem } from '#http';
import type { Provider } from '#openid';
import { assertFits } from './assert-fits.ts';
import type { EntraWorld } from './entra-world.ts';
import { cloudOf, deriveProvider, deriveStartingPoint, pasteProblem } from './starting-point.ts';

/** The settings of a new connection. Asks discovery where `startFrom` is given. */
export function settingsOfNew(world: EntraWorld, input: CreateConnection): Promise<ConnectionSettings> {
  const { id: _, ...settings } = input;
  const cloud = world.config.simulatorUrl === undefined ? 'global' : 'simulated';
  return changedSettings(world, { ...firstSettings, name: input.name, cloud: input.cloud ?? cloud }, settings);
}

/** Settings with a change laid over them; what follows from others is derived anew. Asks discovery at `startFrom`. */
export async function changedSettings(
  world: EntraWorld,
  before: ConnectionSettings,
  change: UpdateConnection,
): Promise<ConnectionSettings> {
  const { startFrom, clientId, domains, tenantIds, ...plain } = change;
  const laid: ConnectionSettings = { ...before, ...withoutUndefined(plain) };
  if (domains !== undefined) laid.domains = [...new Set(domains)].sort();
  if (tenantIds !== undefined)
    laid.tenantIds = tenantIds.map((text, index) => pasted(`tenantIds.${index}`, checkTenant(text)));
  if (laid.provider === 'openid') await layProvider(world, laid, before, startFrom);
  else if (startFrom !== undefined) {
    const start = await deriveStartingPoint(world, startFrom, change.cloud);
    laid.cloud = start.cloud;
    laid.tenantId = start.tenantId;
    if (start.tenantId === null && change.accountType === undefined)
      laid.accountType = sharedAccountType(start.authority);
  }
  if (clientId !== undefined && laid.provider === 'openid') laid.clientId = clientId?.trim() || null;
  else if (clientId !== undefined) {
    const known = laid.tenantId === null ? {} : { tenantId: laid.tenantId };
    laid.clientId = clientId === null ? null : pasted('clientId', checkClientId(clientId, known));
  }
  if (laid.provider === 'entra') {
    laid.issuer = issuerOf(world, laid);
    laid.metadataUrl = null;
  }
  assertFits(laid);
  return laid;
}

async function layProvider(
  world: EntraWorld,
  laid: ConnectionSettings,
  before: ConnectionSettings,
  startFrom: string | undefined,
): Promise<void> {
  laid.tenantId = null;
  if (before.provider !== 'openid') Object.assign(laid, { issuer: '', metadataUrl: null });
  if (startFrom === undefined) return;
  const { issuer, metadataUrl } = await deriveProvider(world, startFrom);
  Object.assign(laid, { issuer, metadataUrl });
}

/** The OpenID provider of a connection that is not to Microsoft Entra, as its metadata document describes it. Throws MetadataError. */
export const providerOf = (
  world: EntraWorld,
  { metadataUrl, issuer }: Pick<ConnectionSettings, 'metadataUrl' | 'issuer'>,
): Promise<Provider> => world.providers.resolve({ metadataUrl: metadataUrl ?? '', issuer });

const sharedAccountType = (authority: string): ConnectionSettings['accountType'] =>
  authority === 'consumers'
    ? 'personalOnly'
    : authority === 'common'
      ? 'anyOrganizationAndPersonal'
      : 'anyOrganization';

/** The tenants whose people may sign in. */
export const listedTenants = (settings: ConnectionSettings): readonly string[] =>
  settings.accountType === 'oneTenant' ? (settings.tenantId === null ? [] : [settings.tenantId]) : settings.tenantIds;

/** What stands for the tenant in the addresses of Microsoft Entra: a tenant id, `organizations`, `common` or `consumers`. */
export const authorityOf = (settings: ConnectionSettings): string =>
  authorityTenant(settings.accountType, listedTenants(settings));

/** The tenant that app-only tokens come from: the connection's own, or the first of its list. */
export const appTenantOf = (settings: ConnectionSettings): string | null =>
  settings.tenantId ?? settings.tenantIds[0] ?? null;

function issuerOf(world: EntraWorld, settings: ConnectionSettings): string {
  const { issuerTemplate } = cloudOf(world, settings.cloud);
  if (settings.accountType !== 'oneTenant') return issuerTemplate;
  return settings.tenantId === null ? '' : issuerTemplate.replace('{tenantid}', settings.tenantId);
}

function pasted(field: string, checked: ReturnType<typeof checkClientId>): string {
  if (!checked.ok) throw pasteProblem(field, checked.fault);
  return checked.value;
}

function withoutUndefined<T extends object>(it: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(it).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };
}

/** Refuses settings that lack what they need to be tested: names every missing field. */
export function requireComplete(settings: ConnectionSettings): void {
  const errors: { field: string; detail: string }[] = [];
  // Provisioning comes to us with a token of ours; only what goes to Microsoft Entra needs an app registration.
  const asks = settings.signIn || settings.mailOut || settings.mailIn;
  if (asks && settings.clientId === null)
    errors.push({ field: 'clientId', detail: 'the Application (client) ID is missing' });
  if (settings.provider === 'openid') {
    if (settings.issuer === '') {
      errors.push({ field: 'startFrom', detail: 'the provider is missing: give its issuer or its metadata URL' });
    }
  } else if (settings.accountType === 'oneTenant' && settings.tenantId === null) {
    errors.push({ field: 'startFrom', detail: 'the tenant is missing: give its id, a domain, or its metadata URL' });
  }
  if (settings.provider === 'entra' && settings.accountType === 'selectedTenants' && settings.tenantIds.length === 0) {
    errors.push({ field: 'tenantIds', detail: 'at least one tenant is needed' });
  }
  if (errors.length > 0)
    throw new Problem('wrong-state', {
      detail: 'the connection is not complete',
      remedy: 'fill in what is missing',
      errors,
    });
}
