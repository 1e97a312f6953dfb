import { z } from 'zod';
import { addMember, deleteGroup, insertGroup, updateGroup } from '../directory/change-groups.ts';
import type { Group } from '../directory/tenant.ts';
import type { Answer } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { type GraphCall, requirePermission } from './caller.ts';
import { directoryObjects, referencedId } from './directory-object.ts';
import { groupOf, readGroups } from './find-member.ts';
import { badRequest, noSuchResource, requestIds } from './graph-error.ts';
import { groupResource } from './group-view.ts';
import { alreadyThere, requireMembers } from './members.ts';
import { answerCount, answerItem, answerPage, type PageRules } from './odata-page.ts';
import { reference } from './owners.ts';
import { requirePrivilege } from './privileges.ts';
import { readGraphBody } from './read-graph-body.ts';
import { visible } from './replication.ts';

/** So many references one request may bind. */
const references = z.array(z.string()).max(20);
const changedGroup = z
  .strictObject({
    displayName: z.string().min(1).max(256),
    description: z.string().max(1024).nullable(),
    mailNickname: z.string().min(1).max(64),
    mailEnabled: z.boolean(),
    securityEnabled: z.boolean(),
    groupTypes: z.array(z.string()),
    visibility: z.string().nullable(),
    isAssignableToRole: z.boolean().nullable(),
    'members@odata.bind': references,
    'owners@odata.bind': references,
  })
  .exactPartial();
const newGroup = changedGroup.required({
  displayName: true,
  mailNickname: true,
  mailEnabled: true,
  securityEnabled: true,
});

/** Security groups: list, get, create, change, delete, and who owns them (group resource type of Microsoft Graph v1.0). */
export function groupRoutes(): Routes<GraphCall> {
  return {
    'GET /groups': (call) => {
      requirePermission(call, ...readGroups);
      return answerPage(call.exchange, visible(call, call.caller.tenant.groups.values()), groupResource, rulesOf(call));
    },
    'GET /groups/$count': (call) => {
      requirePermission(call, ...readGroups);
      return answerCount(call.exchange, call.caller.tenant.groups.values(), groupResource, rulesOf(call));
    },
    'POST /groups': (call) => {
      requireChange(call);
      const { world, caller } = call;
      const { displayName, description, mailNickname, ...rest } = readGraphBody(call.exchange, newGroup);
      checkKind(rest);
      const members = (rest['members@odata.bind'] ?? []).map((url) => referencedId(call, url));
      const owners = (rest['owners@odata.bind'] ?? []).map((url) => referencedId(call, url));
      const properties = { displayName, mailNickname, description: description ?? null };
      const group = insertGroup(caller.tenant, world.random.uuid(), properties, members, world.clock.now());
      for (const id of owners) group.ownerIds.add(id);
      return answerItem(call.exchange, group, groupResource, rulesOf(call), 201);
    },
    'GET /groups/:group': (call, id) => {
      requirePermission(call, ...readGroups);
      return answerItem(call.exchange, groupOf(call, id), groupResource, rulesOf(call));
    },
    'PATCH /groups/:group': (call, id) => {
      const {
        'members@odata.bind': members,
        'owners@odata.bind': owners = [],
        ...change
      } = readGraphBody(call.exchange, changedGroup);
      if (members === undefined) requireChange(call);
      else requireMembers(call);
      return patch(call, groupOf(call, id), change, { members: members ?? [], owners });
    },
    'DELETE /groups/:group': (call, id) => {
      requireChange(call);
      deleteGroup(call.caller.tenant, groupOf(call, id));
      return { status: 204, headers: requestIds(call.exchange) };
    },
    'GET /groups/:group/owners': (call, id) => {
      requirePermission(call, ...readGroups);
      const owners = directoryObjects(call, groupOf(call, id).ownerIds);
      return answerPage<Record<string, unknown>>(call.exchange, owners, (owner) => owner, ownerPage);
    },
    'POST /groups/:group/owners/$ref': (call, id) => {
      requireChange(call);
      const { ownerIds } = groupOf(call, id);
      const owner = referencedId(call, readGraphBody(call.exchange, reference)['@odata.id']);
      if (ownerIds.has(owner)) throw alreadyThere('owners');
      ownerIds.add(owner);
      return { status: 204, headers: requestIds(call.exchange) };
    },
    'DELETE /groups/:group/owners/:owner/$ref': (call, id, owner) => {
      requireChange(call);
      if (!groupOf(call, id).ownerIds.delete(owner.toLowerCase())) throw noSuchResource(owner);
      return { status: 204, headers: requestIds(call.exchange) };
    },
  };
}

const ownerPage = { context: 'directoryObjects', defaultTop: 100, mostTop: 999, directory: { orderedBy: [] } };

function requireChange(call: GraphCall): void {
  requirePrivilege(call, ['Group.ReadWrite.All', 'Directory.ReadWrite.All'], 'User Administrator');
}

/** The simulated tenant has security groups only. */
function checkKind({
  groupTypes = [],
  mailEnabled = false,
  securityEnabled = true,
}: Omit<z.infer<typeof changedGroup>, 'displayName'>): void {
  if (groupTypes.length > 0 || mailEnabled || !securityEnabled)
    throw badRequest('Only security groups can be made: securityEnabled true, mailEnabled false, no groupTypes.');
}

/** All references are good, or nothing is changed. */
function patch(
  call: GraphCall,
  group: Group,
  change: Omit<z.infer<typeof changedGroup>, 'members@odata.bind' | 'owners@odata.bind'>,
  bound: { readonly members: readonly string[]; readonly owners: readonly string[] },
): Answer {
  const { tenant } = call.caller;
  checkKind(change);
  const [members, owners] = [bound.members, bound.owners].map((urls) => urls.map((url) => referencedId(call, url)));
  if (members?.some((id) => group.memberIds.has(id))) throw alreadyThere('members');
  for (const id of owners ?? []) group.ownerIds.add(id);
  for (const id of members ?? []) addMember(tenant, group, id);
  const { displayName, description, mailNickname } = change;
  const named = Object.entries({ displayName, description, mailNickname }).filter(([, value]) => value !== undefined);
  if (named.length > 0) updateGroup(tenant, group, Object.fromEntries(named));
  return { status: 204, headers: requestIds(call.exchange) };
}

function rulesOf(call: GraphCall): PageRules<Group> {
  const { groups } = call.caller.tenant;
  return {
    context: 'groups',
    defaultTop: 100,
    mostTop: 999,
    directory: { orderedBy: ['displayname'] },
    lookup: (property, value) =>
      property === 'id' ? [groups.get(value.toLowerCase())].filter((group) => group !== undefined) : undefined,
    expand: {
      members: ({ memberIds }) => directoryObjects(call, [...memberIds].slice(0, 20)),
      owners: ({ ownerIds }) => directoryObjects(call, ownerIds),
    },
  };
}
