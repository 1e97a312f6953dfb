import { addMember, removeMember } from '../directory/change-groups.ts';
import { directGroups, type Group, transitiveGroups, type User } from '../directory/tenant.ts';
import type { Answer } from '../http/exchange.ts';
import type { Handler, Routes } from '../http/routes.ts';
import { type GraphCall, requirePermission } from './caller.ts';
import { referencedId } from './directory-object.ts';
import { groupOf, readGroups, readUsers, userOf } from './find-member.ts';
import { badRequest, type GraphError, noSuchResource, requestIds } from './graph-error.ts';
import { groupResource } from './group-view.ts';
import { answerCount, answerPage, type PageRules } from './odata-page.ts';
import { reference } from './owners.ts';
import { requirePrivilege } from './privileges.ts';
import { readGraphBody } from './read-graph-body.ts';
import { shownOfUser, userResource } from './user-view.ts';

type Member = User | Group;

/** Members of groups, and the groups somebody is a member of; directly and through other groups. */
export function memberRoutes(): Routes<GraphCall> {
  return {
    ...ofType('/groups/:group/members', (call, id) => membersOf(call, groupOf(call, id).memberIds)),
    ...ofType('/groups/:group/transitiveMembers', (call, id) => membersOf(call, allMembers(call, groupOf(call, id)))),
    ...ofType('/groups/:group/memberOf', (call, id) => directGroups(call.caller.tenant, groupOf(call, id).id)),
    ...ofType('/groups/:group/transitiveMemberOf', (call, id) =>
      transitiveGroups(call.caller.tenant, groupOf(call, id).id),
    ),
    ...ofType('/users/:user/memberOf', (call, key) => directGroups(call.caller.tenant, userOf(call, key).id), true),
    ...ofType(
      '/users/:user/transitiveMemberOf',
      (call, key) => transitiveGroups(call.caller.tenant, userOf(call, key).id),
      true,
    ),
    ...ofType('/me/memberOf', (call) => directGroups(call.caller.tenant, userOf(call, 'me').id), true),
    ...ofType('/me/transitiveMemberOf', (call) => transitiveGroups(call.caller.tenant, userOf(call, 'me').id), true),
    'POST /groups/:group/members/$ref': (call, id) => {
      requireMembers(call);
      const group = groupOf(call, id);
      const member = referencedId(call, readGraphBody(call.exchange, reference)['@odata.id']);
      const { users, groups } = call.caller.tenant;
      if (!users.has(member) && !groups.has(member)) throw badRequest('Only users and groups can be members here.');
      if (!addMember(call.caller.tenant, group, member)) throw alreadyThere('members');
      return { status: 204, headers: requestIds(call.exchange) };
    },
    'DELETE /groups/:group/members/:member/$ref': (call, id, member) => {
      requireMembers(call);
      if (!removeMember(call.caller.tenant, groupOf(call, id), member.toLowerCase())) throw noSuchResource(member);
      return { status: 204, headers: requestIds(call.exchange) };
    },
  };
}

/** Demands that the caller may change who is in a group. Throws 403. */
export function requireMembers(call: GraphCall): void {
  const names = ['GroupMember.ReadWrite.All', 'Group.ReadWrite.All', 'Directory.ReadWrite.All'];
  requirePrivilege(call, names, 'User Administrator');
}

/** Graph's refusal of a reference that is there already. */
export const alreadyThere = (property: string): GraphError =>
  badRequest(`One or more added object references already exist for the following modified properties: '${property}'.`);

/** A mixed collection, its count, and the same of one type (`/members/microsoft.graph.user`). */
function ofType(
  path: string,
  list: (call: GraphCall, key: string) => Iterable<Member>,
  ofUser = false,
): Routes<GraphCall> {
  const answer =
    (
      fits: (member: Member) => boolean,
      reply: typeof answerPage<Member> | typeof answerCount<Member>,
    ): Handler<GraphCall> =>
    (call, key = ''): Answer => {
      requirePermission(call, ...readGroups, ...(ofUser ? readUsers : []));
      return reply(call.exchange, [...list(call, key)].filter(fits), memberResource, rules);
    };
  const all = (): boolean => true;
  const isGroup = (member: Member): boolean => 'memberIds' in member;
  return {
    [`GET ${path}`]: answer(all, answerPage),
    [`GET ${path}/$count`]: answer(all, answerCount),
    [`GET ${path}/user`]: answer((member) => !isGroup(member), answerPage),
    [`GET ${path}/group`]: answer(isGroup, answerPage),
  };
}

const rules: PageRules<Member> = {
  context: 'directoryObjects',
  defaultTop: 100,
  mostTop: 999,
  shown: shownOfUser,
  directory: { orderedBy: [] },
};

function* membersOf({ caller: { tenant } }: GraphCall, ids: Iterable<string>): Generator<Member> {
  for (const id of ids) {
    const member = tenant.users.get(id) ?? tenant.groups.get(id);
    if (member !== undefined) yield member;
  }
}

function allMembers({ caller: { tenant } }: GraphCall, group: Group): Set<string> {
  const found = new Set(group.memberIds);
  for (const id of found) for (const inner of tenant.groups.get(id)?.memberIds ?? []) found.add(inner);
  return found;
}

function memberResource(member: Member): Record<string, unknown> {
  return 'memberIds' in member
    ? { '@odata.type': '#microsoft.graph.group', ...emptyUser, ...groupResource(member) }
    : { '@odata.type': '#microsoft.graph.user', ...emptyGroup, ...userResource(member) };
}

/** Members of two types share one `$select`; what one of them lacks reads as null. */
const emptyUser: Readonly<Record<string, null>> = Object.fromEntries(shownOfUser.map((name) => [name, null]));
const emptyGroup = { description: null, securityEnabled: null, mailEnabled: null, groupTypes: null };
