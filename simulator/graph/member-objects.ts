import { z } from 'zod';
import { transitiveGroups } from '../directory/tenant.ts';
import { type Answer, json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { type GraphCall, requirePermission } from './caller.ts';
import { directoryObject, directoryObjects } from './directory-object.ts';
import { groupOf, readGroups, readUsers, userOf } from './find-member.ts';
import { noSuchResource, requestIds } from './graph-error.ts';
import { answerOne } from './odata-page.ts';
import { readGraphBody } from './read-graph-body.ts';

const securityOnly = z.object({ securityEnabledOnly: z.boolean().nullish() });
const groupIds = z.object({ groupIds: z.array(z.string()).min(1).max(20) });
const objectIds = z.object({ ids: z.array(z.string()).min(1).max(20) });
const wanted = z.object({ ids: z.array(z.string()).min(1).max(1000), types: z.array(z.string()).nullish() });

/** Which groups somebody is in, as ids (memberObjects), and objects of the directory by their ids. */
export function memberObjectRoutes(): Routes<GraphCall> {
  return {
    ...of('/users/:object', (call, key) => userOf(call, key).id),
    ...of('/groups/:object', (call, key) => groupOf(call, key).id),
    ...of('/directoryObjects/:object', (call, key) => idOf(call, key)),
    ...of('/servicePrincipals/:object', (call, key) => idOf(call, key)),
    ...of('/me', (call) => userOf(call, 'me').id),
    'POST /directoryObjects/getByIds': (call) => {
      requirePermission(call, 'Directory.Read.All', 'Directory.ReadWrite.All', ...readUsers, ...readGroups);
      const { ids, types } = readGraphBody(call.exchange, wanted);
      const kinds = types?.map((type) => `#microsoft.graph.${type.toLowerCase()}`);
      const value = directoryObjects(call, ids).filter(
        (object) => kinds === undefined || kinds.includes(String(object['@odata.type']).toLowerCase()),
      );
      return json(
        200,
        { '@odata.context': `${call.exchange.origin}/v1.0/$metadata#directoryObjects`, value },
        requestIds(call.exchange),
      );
    },
    'GET /directoryObjects/:id': (call, id) => {
      requirePermission(call, 'Directory.Read.All', 'Directory.ReadWrite.All', ...readUsers);
      const object = directoryObject(call, id.toLowerCase());
      if (object === undefined) throw noSuchResource(id);
      return answerOne(call.exchange, object, 'directoryObjects');
    },
  };
}

function of(path: string, find: (call: GraphCall, key: string) => string): Routes<GraphCall> {
  const groupsOf = (call: GraphCall, key: string): string[] => {
    requirePermission(call, 'User.Read', ...readUsers, ...readGroups);
    return transitiveGroups(call.caller.tenant, find(call, key)).map(({ id }) => id);
  };
  const all = (call: GraphCall, key = ''): Answer => {
    readGraphBody(call.exchange, securityOnly);
    return answer(call, groupsOf(call, key));
  };
  const some =
    (read: (call: GraphCall) => readonly string[]) =>
    (call: GraphCall, key = ''): Answer => {
      const asked = new Set(read(call).map((id) => id.toLowerCase()));
      return answer(
        call,
        groupsOf(call, key).filter((id) => asked.has(id)),
      );
    };
  return {
    [`POST ${path}/getMemberObjects`]: all,
    [`POST ${path}/getMemberGroups`]: all,
    [`POST ${path}/checkMemberGroups`]: some((call) => readGraphBody(call.exchange, groupIds).groupIds),
    [`POST ${path}/checkMemberObjects`]: some((call) => readGraphBody(call.exchange, objectIds).ids),
  };
}

function idOf(call: GraphCall, key: string): string {
  const id = key.toLowerCase();
  if (directoryObject(call, id) === undefined) throw noSuchResource(key);
  return id;
}

const answer = ({ exchange }: GraphCall, value: readonly string[]): Answer =>
  json(
    200,
    { '@odata.context': `${exchange.origin}/v1.0/$metadata#Collection(Edm.String)`, value },
    requestIds(exchange),
  );
