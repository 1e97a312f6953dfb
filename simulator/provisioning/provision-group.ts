import type { Group } from '../directory/tenant.ts';
import { type Change, membersPerRequest, patchAttributes, patchMembersAdded, patchMembersRemoved } from './dialects.ts';
import type { Run } from './run.ts';
import { quote, type ScimDocument, TargetRefusal } from './scim-request.ts';

/** What was done to a group, its members aside. */
export type GroupOutcome = 'created' | 'updated' | 'skipped';

type Member = { readonly id: string; readonly targetId: string };

const withoutMembers = { excludedAttributes: 'members' };

/** Brings one group to the target, without its members: they follow in requests of their own. */
export async function provisionGroup(run: Run, group: Group): Promise<GroupOutcome> {
  const { job, target } = run;
  const found = await findGroupAtTarget(run, group);
  if (found === undefined) {
    link(run, group, await target.post('/Groups', groupDocument(group)));
    return 'created';
  }
  const wanted: [string, string][] = [
    ['displayName', group.displayName],
    ['externalId', group.id],
  ];
  const changes = wanted.flatMap(([path, value]): Change[] =>
    found[path] === value
      ? []
      : [{ op: found[path] === undefined || found[path] === null ? 'add' : 'replace', path, value }],
  );
  if (changes.length === 0) return 'skipped';
  await target.patch(groupPath(run, group), patchAttributes(job.settings.dialect, changes));
  return 'updated';
}

/**
 * Sends what changed in a group's members since the target acknowledged them last. Only users with a target id count, and one
 * that got another is a new member; nested groups are not provisioned. Members whose user is disabled or softly deleted stay:
 * a restored one is not sent again.
 */
export async function provisionMembers(run: Run, group: Group): Promise<void> {
  const { job, target, tenant, tally } = run;
  const known = job.members.get(group.id) ?? new Map<string, string>();
  job.members.set(group.id, known);
  const isWanted = (id: string) => group.memberIds.has(id) && (tenant.users.has(id) || tenant.deletedUsers.has(id));
  const added = [...group.memberIds].flatMap((id): Member[] => {
    const targetId = tenant.users.has(id) ? job.links.get(id) : undefined;
    return targetId === undefined || targetId === known.get(id) ? [] : [{ id, targetId }];
  });
  const removed = [...known.keys()].filter((id) => !isWanted(id));
  for (const members of chunks(added)) {
    const targets = members.map(({ targetId }) => targetId);
    await target.patch(groupPath(run, group), patchMembersAdded(job.settings.dialect, targets));
    for (const { id, targetId } of members) known.set(id, targetId);
    tally.membersAdded += members.length;
  }
  for (const ids of chunks(removed)) {
    const targets = ids.flatMap((id) => job.links.get(id) ?? []);
    if (targets.length > 0)
      await target.patch(groupPath(run, group), patchMembersRemoved(job.settings.dialect, targets));
    for (const id of ids) known.delete(id);
    tally.membersRemoved += targets.length;
  }
}

/** The body of a create: without members, and with the schema URN that Microsoft adds. */
function groupDocument(group: Group): ScimDocument {
  return {
    schemas: [
      'urn:ietf:params:scim:schemas:core:2.0:Group',
      'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group',
    ],
    externalId: group.id,
    displayName: group.displayName,
    meta: { resourceType: 'Group' },
  };
}

async function findGroupAtTarget(run: Run, group: Group): Promise<ScimDocument | undefined> {
  const { job, target } = run;
  if (job.links.has(group.id)) {
    try {
      return await target.get(groupPath(run, group), withoutMembers);
    } catch (error) {
      if (!(error instanceof TargetRefusal) || error.status !== 404) throw error;
      job.links.delete(group.id);
      job.members.delete(group.id);
    }
  }
  const attribute = job.settings.matching.group;
  const value = attribute === 'displayName' ? group.displayName : group.id;
  const matches = await target.find('/Groups', { ...withoutMembers, filter: `${attribute} eq ${quote(value)}` });
  if (matches.length > 1)
    throw new TargetRefusal(200, null, `More than one group at the target has ${attribute} ${quote(value)}`);
  const [match] = matches;
  if (match !== undefined) link(run, group, match);
  return match;
}

function link(run: Run, group: Group, resource: ScimDocument): void {
  const id = resource['id'];
  if (typeof id !== 'string' || id === '') throw new TargetRefusal(200, null, 'The target’s answer has no id');
  run.job.links.set(group.id, id);
}

function groupPath(run: Run, group: Group): string {
  return `/Groups/${encodeURIComponent(run.job.links.get(group.id) ?? '')}`;
}

function chunks<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / membersPerRequest) }, (_, index) =>
    items.slice(index * membersPerRequest, (index + 1) * membersPerRequest),
  );
}
