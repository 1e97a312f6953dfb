import { z } from 'zod';
import {
  type Application,
  type KeyCredential,
  type PasswordCredential,
  withDates,
} from '../applications/application.ts';
import { addSecret, removeSecret } from '../applications/secrets.ts';
import { json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { type GraphCall, requirePermission } from './caller.ts';
import { GraphError, noSuchResource, requestIds } from './graph-error.ts';
import { answerOne, answerPage } from './odata-page.ts';
import { readGraphBody } from './read-graph-body.ts';

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const newPassword = z.strictObject({
  passwordCredential: z
    .strictObject({
      displayName: z.string().max(256).nullable().optional(),
      startDateTime: instant.optional(),
      endDateTime: instant.optional(),
    })
    .default({}),
});
const oldPassword = z.strictObject({ keyId: z.uuid() });

/** App registrations as far as secrets need them: read, addPassword, removePassword (Microsoft Graph v1.0). */
export function applicationRoutes(): Routes<GraphCall> {
  return {
    'GET /applications': (call) => {
      requirePermission(call, 'Application.Read.All', 'Application.ReadWrite.All');
      const own = [...call.world.applications.values()].filter(
        ({ homeTenantId }) => homeTenantId === call.caller.tenant.id,
      );
      return answerPage(call.exchange, own, applicationResource, {
        context: 'applications',
        defaultTop: 100,
        mostTop: 999,
      });
    },
    'GET /applications/:app': (call, key) => {
      const application = applicationOf(call, key);
      requireOn(call, application, 'Application.Read.All', 'Application.ReadWrite.All');
      return answerOne(call.exchange, applicationResource(application), 'applications');
    },
    'POST /applications/:app/addPassword': (call, key) => {
      const application = applicationOf(call, key);
      requireOn(call, application, 'Application.ReadWrite.All');
      const { passwordCredential } = readGraphBody(call.exchange, newPassword);
      const secret = addSecret(application, passwordCredential, call.world.clock.now());
      const body = {
        '@odata.context': `${call.exchange.origin}/v1.0/$metadata#microsoft.graph.passwordCredential`,
        ...withDates(secret),
      };
      return json(200, body, requestIds(call.exchange));
    },
    'POST /applications/:app/removePassword': (call, key) => {
      const application = applicationOf(call, key);
      requireOn(call, application, 'Application.ReadWrite.All');
      const { keyId } = readGraphBody(call.exchange, oldPassword);
      if (!removeSecret(application, keyId)) {
        throw new GraphError(400, 'Request_BadRequest', `No password credential found with keyId ${keyId}.`);
      }
      return { status: 204, headers: requestIds(call.exchange) };
    },
  };
}

/** `Application.ReadWrite.OwnedBy` opens the applications the caller owns; here an app owns itself. */
function requireOn(call: GraphCall, { appId }: Application, ...anyOf: readonly string[]): void {
  requirePermission(call, ...anyOf, ...(appId === call.caller.appId ? ['Application.ReadWrite.OwnedBy'] : []));
}

/** Finds by object id, or by `appId='…'` as the key may be written. */
function applicationOf({ world, caller }: GraphCall, key: string): Application {
  const appId = /^appid='?([^']+)'?$/i.exec(key)?.[1];
  const found = [...world.applications.values()].find(
    (application) =>
      application.homeTenantId === caller.tenant.id &&
      (appId === undefined ? application.id === key.toLowerCase() : application.appId === appId.toLowerCase()),
  );
  if (found === undefined) throw noSuchResource(key);
  return found;
}

function applicationResource(application: Application): Record<string, unknown> {
  const { homeTenantId: _, ownerIds: _owners, removeUnverifiedEmailClaim, ...own } = application;
  // A collection of its own at Graph.
  const { federatedIdentityCredentials: __, keyCredentials, ...shown } = own;
  return {
    ...shown,
    createdDateTime: new Date(application.createdDateTime).toISOString(),
    authenticationBehaviors: { removeUnverifiedEmailClaim },
    passwordCredentials: application.passwordCredentials.map(passwordCredential),
    keyCredentials: keyCredentials.map(keyCredential),
  };
}

/** The key itself is shown to nobody who does not select it by name. */
const keyCredential = (credential: KeyCredential) => ({
  ...withDates(credential),
  type: 'AsymmetricX509Cert',
  usage: 'Verify',
  key: null,
});

const passwordCredential = (credential: PasswordCredential) => ({ ...withDates(credential), secretText: null });
