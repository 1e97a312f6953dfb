import { z } from 'zod';
import type { Application, ServicePrincipal } from '../applications/application.ts';
import type { Answer } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { applicationResource } from './application-view.ts';
import { managed, readable } from './applications.ts';
import { type GraphCall, requirePermission } from './caller.ts';
import { directoryObjects, referencedId } from './directory-object.ts';
import { applicationsOf, principalOf, principalsOf } from './find-application.ts';
import { badRequest, GraphError, noSuchResource, requestIds } from './graph-error.ts';
import { answerPage } from './odata-page.ts';
import { requireReading } from './privileges.ts';
import { readGraphBody } from './read-graph-body.ts';
import { principalResource } from './service-principal-view.ts';
import { managedPrincipal, readablePrincipal } from './service-principals.ts';

/** A reference to an object of the directory, as `$ref` takes it. */
export const reference = z.strictObject({ '@odata.id': z.string() });
const page = { context: 'directoryObjects', defaultTop: 100, mostTop: 999, directory: { orderedBy: [] } };

/** Owners of applications and service principals, and what somebody owns. */
export function ownerRoutes(): Routes<GraphCall> {
  return {
    'GET /applications/:app/owners': (call, key) => listOwners(call, readable(call, key)),
    'POST /applications/:app/owners/$ref': (call, key) => addOwner(call, managed(call, key)),
    'DELETE /applications/:app/owners/:owner/$ref': (call, key, id) => removeOwner(call, managed(call, key), id),
    'GET /servicePrincipals/:principal/owners': (call, key) => listOwners(call, readablePrincipal(call, key)),
    'POST /servicePrincipals/:principal/owners/$ref': (call, key) => addOwner(call, managedPrincipal(call, key)),
    'DELETE /servicePrincipals/:principal/owners/:owner/$ref': (call, key, id) =>
      removeOwner(call, managedPrincipal(call, key), id),
    'GET /servicePrincipals/:principal/ownedObjects': (call, key) => {
      const { id } = principalOf(call, key);
      // Nobody needs a permission to see what is his own.
      if (id !== call.caller.objectId) requireReading(call);
      return listOwned(call, id);
    },
    'GET /me/ownedObjects': (call) => {
      const { userId } = call.caller;
      if (userId === undefined)
        throw new GraphError(400, 'BadRequest', '/me request is only valid with delegated authentication flow.');
      requirePermission(call, 'User.Read', 'Directory.Read.All', 'Application.Read.All', 'Application.ReadWrite.All');
      return listOwned(call, userId);
    },
  };
}

type Owned = Application | ServicePrincipal;

function listOwners(call: GraphCall, { ownerIds }: Owned): Answer {
  const owners = directoryObjects(call, ownerIds);
  return answerPage<Record<string, unknown>>(call.exchange, owners, (owner) => owner, page);
}

function addOwner(call: GraphCall, owned: Owned): Answer {
  const id = referencedId(call, readGraphBody(call.exchange, reference)['@odata.id']);
  if (owned.ownerIds.has(id))
    throw badRequest(
      "One or more added object references already exist for the following modified properties: 'owners'.",
    );
  owned.ownerIds.add(id);
  return { status: 204, headers: requestIds(call.exchange) };
}

function removeOwner(call: GraphCall, owned: Owned, id: string): Answer {
  if (!owned.ownerIds.delete(id.toLowerCase())) throw noSuchResource(id);
  return { status: 204, headers: requestIds(call.exchange) };
}

function listOwned(call: GraphCall, ownerId: string): Answer {
  const { exchange, caller } = call;
  const own = <T extends Owned>(list: Iterable<T>) => [...list].filter(({ ownerIds }) => ownerIds.has(ownerId));
  const owned = [
    ...own(applicationsOf(call)).map((application) => ({
      '@odata.type': '#microsoft.graph.application',
      ...applicationResource(exchange, caller.tenant, application),
    })),
    ...own(principalsOf(call)).map((principal) => ({
      '@odata.type': '#microsoft.graph.servicePrincipal',
      ...principalResource(call, principal),
    })),
  ];
  return answerPage<Record<string, unknown>>(exchange, owned, (object) => object, page);
}
