import type { Application } from '../applications/application.ts';
import { deleteApplication } from '../applications/delete-application.ts';
import { makeApplication } from '../applications/register.ts';
import type { Routes } from '../http/routes.ts';
import { changedApplication, newApplication } from './application-shape.ts';
import { applicationResource } from './application-view.ts';
import type { GraphCall } from './caller.ts';
import { changeApplication } from './change-application.ts';
import { directoryObjects, referencedId } from './directory-object.ts';
import { applicationOf, applicationsOf } from './find-application.ts';
import { badRequest, requestIds } from './graph-error.ts';
import { answerCount, answerItem, answerPage, type PageRules } from './odata-page.ts';
import { requireCreation, requireManagement, requireReading } from './privileges.ts';
import { readGraphBody } from './read-graph-body.ts';

/** App registrations: list, get, create, change, delete (application resource type of Microsoft Graph v1.0). */
export function applicationRoutes(): Routes<GraphCall> {
  return {
    'GET /applications': (call) => {
      requireReading(call);
      return answerPage(call.exchange, applicationsOf(call), show(call), rulesOf(call));
    },
    'GET /applications/$count': (call) => {
      requireReading(call);
      return answerCount(call.exchange, applicationsOf(call), show(call), rulesOf(call));
    },
    'POST /applications': (call) => {
      requireCreation(call);
      const { 'owners@odata.bind': owners = [], uniqueName, ...change } = readGraphBody(call.exchange, newApplication);
      const { world, caller } = call;
      checkUniqueName(call, uniqueName ?? null);
      const properties = { displayName: change.displayName, uniqueName: uniqueName ?? null };
      const application = makeApplication(world.random, caller.tenant.id, properties, world.clock.now());
      for (const id of [caller.objectId, ...owners.map((url) => referencedId(call, url))]) application.ownerIds.add(id);
      changeApplication(call, application, change);
      world.applications.set(application.appId, application);
      return answerItem(call.exchange, application, withSecrets(call), rulesOf(call), 201);
    },
    'GET /applications/:app': (call, key) => answerItem(call.exchange, readable(call, key), show(call), rulesOf(call)),
    'PATCH /applications/:app': (call, key) => {
      changeApplication(call, managed(call, key), readGraphBody(call.exchange, changedApplication));
      return { status: 204, headers: requestIds(call.exchange) };
    },
    'DELETE /applications/:app': (call, key) => {
      deleteApplication(call.world, call.caller.tenant, managed(call, key));
      return { status: 204, headers: requestIds(call.exchange) };
    },
  };
}

/** The application of a path, if the caller may read it. Throws 403, 404. */
export function readable(call: GraphCall, key: string): Application {
  requireReading(call, 'anything of its own');
  const application = applicationOf(call, key);
  requireReading(call, application);
  return application;
}

/** The application of a path, if the caller may change it. Throws 403, 404. */
export function managed(call: GraphCall, key: string): Application {
  requireManagement(call, 'anything of its own');
  const application = applicationOf(call, key);
  requireManagement(call, application);
  return application;
}

const show = (call: GraphCall) => (application: Application) =>
  applicationResource(call.exchange, call.caller.tenant, application);

/** Secrets that were made together with the application are shown now, and never again. */
const withSecrets = (call: GraphCall) => (application: Application) => ({
  ...show(call)(application),
  passwordCredentials: application.passwordCredentials,
});

function checkUniqueName(call: GraphCall, uniqueName: string | null): void {
  if (uniqueName === null) return;
  for (const other of applicationsOf(call))
    if (other.uniqueName === uniqueName)
      throw badRequest('Another object with the same value for property uniqueName already exists.');
}

/** How lists of applications are answered. */
function rulesOf(call: GraphCall): PageRules<Application> {
  const find = (key: string) => [...applicationsOf(call)].filter(({ id, appId }) => key === id || key === appId);
  return {
    context: 'applications',
    defaultTop: 100,
    mostTop: 999,
    directory: { orderedBy: [] },
    lookup: (property, value) => (property === 'id' || property === 'appid' ? find(value.toLowerCase()) : undefined),
    expand: {
      owners: ({ ownerIds }) => directoryObjects(call, ownerIds),
      federatedIdentityCredentials: ({ federatedIdentityCredentials }) => federatedIdentityCredentials,
    },
  };
}
