import type { Group } from '../directory/tenant.ts';
import { type Change, membersPerRequest, patchAttributes, patchMembersAdded, patchMembersRemoved } from './dialects.ts';
import type { Run } from './run.ts';
import { quote, type ScimDocument, TargetRefusal } from './scim-request.ts';

/** What was done to a group, its members aside. */
export type GroupOutcome = 'created' | 'updated' | 'skipped';

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
 * Sends what changed in a group's members since the target acknowledged them last. Only users with a target id count; nested
 * groups are not provisioned. Members whose user is disabled or softly deleted stay: a restored one is not sent again.
 */
export async function provisionMembers(run: Run, group: Group): Promise<void> {
  const { job, target, tenant, tally } = run;
  const known = job.members.get(group.id) ?? new Set<string>();
  job.members.set(group.id, known);
  const wanted = new Set([...group.memberIds].filter((id) => tenant.users.has(id) || tenant.deletedUsers.has(id)));
  const added = [...wanted].filter((id) => !known.has(id) && job.links.has(id) && tenant.users.has(id));
  const removed = [...known].filter((id) => !wanted.has(id));
  for (const ids of chunks(added)) {
    await target.patch(
      groupPath(run, group),
      patchMembersAdded(
        job.settings.dialect,
        ids.map((id) => job.links.get(id) ?? ''),
      ),
    );
    for (const id of ids) known.add(id);
    tally.membersAdded += ids.length;
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

function chunks(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / membersPerRequest) }, (_, index) =>
    ids.slice(index * membersPerRequest, (index + 1) * membersPerRequest),
  );
}
