import { z } from 'zod';
import type { Application, FederatedIdentityCredential } from '../applications/application.ts';
import type { Routes } from '../http/routes.ts';
import { managed, readable } from './applications.ts';
import type { GraphCall } from './caller.ts';
import { badRequest, conflict, noSuchResource, requestIds } from './graph-error.ts';
import { answerOne, answerPage } from './odata-page.ts';
import { readGraphBody } from './read-graph-body.ts';

/** So many an application may have (workload identity federation). */
const mostCredentials = 20;

const changedCredential = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/, 'has 3 to 120 characters that need no escape in an address'),
    issuer: z.url().max(600),
    subject: z.string().min(1).max(600),
    audiences: z.array(z.string().min(1).max(600)).length(1),
    description: z.string().max(600).nullish(),
  })
  .exactPartial();
const newCredential = changedCredential.required({ name: true, issuer: true, subject: true, audiences: true });
const path = '/applications/:app/federatedIdentityCredentials';
const context = 'federatedIdentityCredentials';

/** Federated credentials of an application, by id or name (federatedIdentityCredential resource type). */
export function federatedCredentialRoutes(): Routes<GraphCall> {
  return {
    [`GET ${path}`]: (call, key) =>
      answerPage(call.exchange, readable(call, key).federatedIdentityCredentials, view, {
        context,
        defaultTop: 100,
        mostTop: 999,
      }),
    [`POST ${path}`]: (call, key) => {
      const application = managed(call, key);
      const given = readGraphBody(call.exchange, newCredential);
      const credential = { id: call.world.random.uuid(), ...given };
      check(application, credential);
      application.federatedIdentityCredentials = [...application.federatedIdentityCredentials, credential];
      return answerOne(call.exchange, view(credential), context, undefined, 201);
    },
    [`GET ${path}/:credential`]: (call, key, name) =>
      answerOne(call.exchange, view(credentialOf(readable(call, key), name)), context),
    [`PATCH ${path}/:credential`]: (call, key, name) => {
      const application = managed(call, key);
      const present = credentialOf(application, name);
      const { name: renamed = present.name, ...change } = readGraphBody(call.exchange, changedCredential);
      if (renamed !== present.name) throw badRequest('Property name is read-only and cannot be set.');
      const credential = { ...present, ...change };
      const others = application.federatedIdentityCredentials.filter((other) => other !== present);
      check({ federatedIdentityCredentials: others }, credential);
      application.federatedIdentityCredentials = [...others, credential];
      return { status: 204, headers: requestIds(call.exchange) };
    },
    [`DELETE ${path}/:credential`]: (call, key, name) => {
      const application = managed(call, key);
      const present = credentialOf(application, name);
      application.federatedIdentityCredentials = application.federatedIdentityCredentials.filter(
        (other) => other !== present,
      );
      return { status: 204, headers: requestIds(call.exchange) };
    },
  };
}

function credentialOf({ federatedIdentityCredentials }: Application, key: string): FederatedIdentityCredential {
  const wanted = /^name='?([^']*)'?$/i.exec(key)?.[1] ?? key;
  const found = federatedIdentityCredentials.find(({ id, name }) => id === wanted.toLowerCase() || name === wanted);
  if (found === undefined) throw noSuchResource(key);
  return found;
}

/** Names are unique, so is issuer and subject together, and there are twenty at most. */
function check(
  { federatedIdentityCredentials: others }: Pick<Application, 'federatedIdentityCredentials'>,
  { name, issuer, subject }: FederatedIdentityCredential,
): void {
  if (others.some((other) => other.name === name))
    throw conflict(`FederatedIdentityCredential with name ${name} already exists.`);
  if (others.some((other) => other.issuer === issuer && other.subject === subject))
    throw conflict('FederatedIdentityCredential with the same issuer and subject already exists.');
  if (others.length >= mostCredentials)
    throw badRequest(`An application can have at most ${mostCredentials} federated identity credentials.`);
}

const view = (credential: FederatedIdentityCredential) => ({ description: null, ...credential });
