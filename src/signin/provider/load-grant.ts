import type { errors, Grant, KoaContextWithOIDC } from 'oidc-provider';
import type { World } from '#store';
import type { Seen } from './browser-session.ts';
import { ownClientOf } from './client-metadata.ts';
import type { KnownClient } from './clients.ts';
import { consentOf } from './consent.ts';

/** A person whose organization a product is not open to: told on a page of ours, not to the product. */
export interface NotOpen {
  notOpen: { client: KnownClient; person: string };
}

/** Whether people of an organization may use a client. */
export const isOpenTo = ({ organizations }: KnownClient, organizationId: string): boolean =>
  organizations?.includes(organizationId) ?? true;

/**
 * The grant of a client for the person of this browser, with what the request asks for as far as it is allowed: to our own
 * products everything that they may ask for, to those of others what the person consented to. Undefined where the person has to
 * be asked first.
 */
export async function loadGrant(
  world: World,
  ctx: KoaContextWithOIDC,
  seen: Seen,
  { AccessDenied }: Pick<typeof errors, 'AccessDenied'>,
): Promise<Grant | undefined> {
  const { oidc } = ctx;
  const { client, account, session } = oidc;
  const browser = await seen.browser();
  const own = client === undefined ? undefined : ownClientOf(client);
  if (client === undefined || own === undefined || account === undefined || browser === undefined) return undefined;
  if (!isOpenTo(own, browser.organizationId)) {
    const told: NotOpen = { notOpen: { client: own, person: browser.email ?? browser.userName } };
    const silent = oidc.prompts.has('none');
    throw Object.assign(new AccessDenied(undefined, 'the product is not open to this organization'), told, {
      allow_redirect: silent,
    });
  }
  const allowed = own.firstParty ? undefined : ((await consentOf(world, browser, own.id)) ?? null);
  if (allowed === null) return undefined;
  const mayHave = (resource: string, scope: string) => allowed?.[resource]?.includes(scope) ?? allowed === undefined;

  const grantId = session?.grantIdFor(client.clientId);
  const known = grantId === undefined ? undefined : await seen.grant(grantId);
  const kept =
    known?.session.id === browser.id && grantId !== undefined ? await oidc.provider.Grant.find(grantId) : undefined;
  const grant = kept ?? new oidc.provider.Grant({ clientId: client.clientId, accountId: account.accountId });
  let changed = kept === undefined;
  const wanted = [...oidc.requestParamOIDCScopes].filter((scope) => mayHave('', scope));
  if (wanted.some((scope) => !grant.getOIDCScope().split(' ').includes(scope))) {
    grant.addOIDCScope(wanted.join(' '));
    changed = true;
  }
  for (const [resource, server] of Object.entries(oidc.resourceServers ?? {})) {
    const scopes = [...oidc.requestParamScopes].filter((scope) => server.scopes.has(scope) && mayHave(resource, scope));
    if (scopes.some((scope) => !grant.getResourceScope(resource).split(' ').includes(scope))) {
      grant.addResourceScope(resource, scopes.join(' '));
      changed = true;
    }
  }
  if (changed) await grant.save();
  return grant;
}
