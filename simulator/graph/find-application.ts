import type { Application, ServicePrincipal } from '../applications/application.ts';
import type { GraphCall } from './caller.ts';
import { noSuchResource } from './graph-error.ts';
import { isHidden } from './replication.ts';

/** App registrations of the caller's tenant that have spread. */
export function* applicationsOf(call: GraphCall): Generator<Application> {
  const { world, caller } = call;
  for (const application of world.applications.values())
    if (application.homeTenantId === caller.tenant.id && !isHidden(call, application.createdDateTime))
      yield application;
}

/** Finds an application by object id, `appId='…'` or `uniqueName='…'`. Throws 404 Request_ResourceNotFound. */
export function applicationOf(call: GraphCall, key: string): Application {
  const [, name, value = ''] = /^(appid|uniquename)='?([^']+)'?$/i.exec(key) ?? [];
  for (const application of applicationsOf(call))
    if (
      name === undefined
        ? application.id === key.toLowerCase()
        : name.toLowerCase() === 'appid'
          ? application.appId === value.toLowerCase()
          : application.uniqueName === value
    )
      return application;
  throw noSuchResource(key);
}

/** Enterprise apps of the caller's tenant that have spread. */
export function* principalsOf(call: GraphCall): Generator<ServicePrincipal> {
  for (const principal of call.caller.tenant.servicePrincipals.values())
    if (!isHidden(call, principal.createdDateTime)) yield principal;
}

/** Finds an enterprise app by object id or `appId='…'`. Throws 404 Request_ResourceNotFound. */
export function principalOf(call: GraphCall, key: string): ServicePrincipal {
  const appId = /^appid='?([^']+)'?$/i.exec(key)?.[1];
  for (const principal of principalsOf(call))
    if (appId === undefined ? principal.id === key.toLowerCase() : principal.appId === appId.toLowerCase())
      return principal;
  throw noSuchResource(key);
}
