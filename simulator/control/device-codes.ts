import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { askedScopes } from '../consent/asked-scopes.ts';
import { recordConsent } from '../consent/record-consent.ts';
import { type Exchange, json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { AadstsError } from '../sign-in/aadsts.ts';
import { checkMayUse, findAccount } from '../sign-in/accounts.ts';
import { readAuthority } from '../sign-in/authority.ts';
import { approve } from '../sign-in/device-page.ts';
import { insertSignIn } from '../sign-in/sign-in-log.ts';
import { type DeviceCode, deviceCodeLifetime, findDeviceCode } from '../token/grants.ts';
import type { World } from '../world.ts';
import { ControlError, notFound } from './control-error.ts';
import { readBody } from './read-body.ts';

const decision = z.union([z.strictObject({ login: z.string().min(1) }), z.strictObject({ decline: z.literal(true) })]);

/** Codes that devices show: who is at hand for no browser signs somebody in by them, or declines. */
export function deviceCodeRoutes(world: World): Routes {
  return {
    'GET /device-codes': () =>
      json(200, {
        value: world.grants.deviceCodes
          .values()
          .map((code) => view(world, code))
          .toArray(),
      }),
    'POST /device-codes/:code': (exchange, userCode) => {
      const code = findDeviceCode(world.grants, userCode);
      if (code === undefined) throw notFound('device code', userCode);
      const body = readBody(exchange, decision);
      if (code.state !== 'pending') throw new ControlError(400, 'refused', `The device code was ${code.state} already`);
      if (world.clock.now() - code.issuedAt >= deviceCodeLifetime)
        throw new ControlError(400, 'refused', 'The device code has expired');
      if ('decline' in body) code.state = 'declined';
      else signIn(world, exchange, code, body.login);
      return json(200, view(world, code));
    },
  };
}

function signIn(world: World, exchange: Exchange, code: DeviceCode, login: string): void {
  const application = world.applications.get(code.appId);
  if (application === undefined) throw notFound('application', code.appId);
  const now = world.clock.now();
  const account = refusing(() => {
    const found = findAccount(world, readAuthority(world, code.authority, exchange), application, login);
    checkMayUse(world, application, found);
    return found;
  });
  insertSignIn(world, {
    tenantId: account.tenant.id,
    appId: code.appId,
    userId: account.user.id,
    resourceAppId: code.scopes.resourceAppId,
    isInteractive: true,
    errorCode: 0,
    failureReason: '',
    correlationId: randomUUID(),
  });
  recordConsent(world, account.tenant, application, account.user.id, askedScopes(world, application, code.scopes));
  approve(code, {
    appId: code.appId,
    tenantId: account.tenant.id,
    userId: account.user.id,
    openidScopes: code.scopes.openid,
    resourceAppId: code.scopes.resourceAppId,
    identifier: code.scopes.identifier,
    resourceScopes: code.scopes.resource,
    platform: 'web',
    sid: randomUUID(),
    authenticatedAt: now,
    amr: ['pwd'],
  });
}

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof AadstsError) throw new ControlError(400, 'refused', `AADSTS${error.code}: ${error.message}`);
    throw error;
  }
}

function view({ applications }: World, code: DeviceCode): Record<string, unknown> {
  const { userCode, appId, authority, state, issuedAt } = code;
  const expires = new Date(issuedAt + deviceCodeLifetime).toISOString();
  const displayName = applications.get(appId)?.displayName ?? null;
  return { userCode, appId, displayName, authority, scope: code.scopes.resource.join(' '), state, expires };
}
