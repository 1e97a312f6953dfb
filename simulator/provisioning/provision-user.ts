import type { User } from '../directory/tenant.ts';
import { type Change, patchAttributes, patchManager } from './dialects.ts';
import type { Dialect, JobSettings } from './job.ts';
import type { Run } from './run.ts';
import { quote, type ScimDocument, TargetRefusal } from './scim-request.ts';
import { pathOf, readMapped, readTarget, rowByPath, userDocument, userMapping } from './user-mapping.ts';

/** What was done to a user. */
export type UserOutcome = 'created' | 'updated' | 'disabled' | 'skipped';

/**
 * Brings one user of the scope to the target: finds it by its known id or the matching attribute, then creates it or writes
 * what differs. A disabled user is not created. Null is never sent to clear a value.
 */
export async function provisionUser(run: Run, user: User, dialect: Dialect): Promise<UserOutcome> {
  const { job, target } = run;
  const found = await findUserAtTarget(run, user);
  if (found === undefined) {
    if (!user.accountEnabled) return 'skipped';
    const made = await target.post('/Users', userDocument(user, job.settings));
    link(run, user, made);
    return 'created';
  }
  job.outOfScope.delete(user.id);
  const changes = differences(user, found, job.settings);
  if (changes.length === 0) return 'skipped';
  await target.patch(userPath(run, user), patchAttributes(dialect, changes));
  return changes.some(({ path, value }) => path === 'active' && value === false) ? 'disabled' : 'updated';
}

/** Sets `active` to false for a user that left the scope or the directory. */
export async function disableUser(run: Run, user: User): Promise<UserOutcome> {
  const { job, target } = run;
  const present = await readKnown(run, user);
  if (present === undefined || isFalse(present['active'])) return 'skipped';
  const change: Change = { op: 'replace', path: 'active', value: false };
  await target.patch(userPath(run, user), patchAttributes(job.settings.dialect, [change]));
  return 'disabled';
}

/**
 * Gives a user his manager, in a request after both exist. Before it the target is asked whether it has that reference already.
 * Returns whether something was written.
 */
export async function provisionManager(run: Run, user: User, dialect: Dialect): Promise<boolean> {
  const { job, target } = run;
  const managerId = user.managerId ?? '';
  const [id, manager] = [job.links.get(user.id), job.links.get(managerId)];
  if (id === undefined || manager === undefined || job.managers.get(user.id) === managerId) return false;
  const filter = `id eq ${quote(id)} and manager eq ${quote(manager)}`;
  const already = await target.find('/Users', { filter, attributes: 'id' });
  if (already.length === 0) {
    await target.patch(
      `/Users/${encodeURIComponent(id)}`,
      patchManager(dialect, job.managers.has(user.id) ? 'replace' : 'add', manager),
    );
  }
  job.managers.set(user.id, managerId);
  return already.length === 0;
}

async function findUserAtTarget(run: Run, user: User): Promise<ScimDocument | undefined> {
  const known = await readKnown(run, user);
  if (known !== undefined) return known;
  const { job, target } = run;
  const attribute = job.settings.matching.user;
  const row = rowByPath.get(attribute);
  const value = row && readMapped(row, user, job.settings);
  if (typeof value !== 'string')
    throw new TargetRefusal(400, null, `The matching attribute ${attribute} has no value for this user`);
  const matches = await target.find('/Users', { filter: `${attribute} eq ${quote(value)}` });
  if (matches.length > 1)
    throw new TargetRefusal(200, null, `More than one user at the target has ${attribute} ${quote(value)}`);
  const [match] = matches;
  if (match !== undefined) link(run, user, match);
  return match;
}

/** The target's resource by the id kept from before; forgets the id when the target no longer knows it. */
async function readKnown(run: Run, user: User): Promise<ScimDocument | undefined> {
  if (!run.job.links.has(user.id)) return undefined;
  try {
    return await run.target.get(userPath(run, user));
  } catch (error) {
    if (!(error instanceof TargetRefusal) || error.status !== 404) throw error;
    run.job.links.delete(user.id);
    run.job.managers.delete(user.id);
    return undefined;
  }
}

function link(run: Run, user: User, resource: ScimDocument): void {
  const id = resource['id'];
  if (typeof id !== 'string' || id === '') throw new TargetRefusal(200, null, 'The target’s answer has no id');
  run.job.links.set(user.id, id);
  run.linked.add(user.id);
}

function userPath(run: Run, user: User): string {
  return `/Users/${encodeURIComponent(run.job.links.get(user.id) ?? '')}`;
}

/** What the target has differently, attribute by attribute. */
function differences(user: User, resource: ScimDocument, settings: JobSettings): Change[] {
  return userMapping.flatMap((attribute): Change[] => {
    const value = readMapped(attribute, user, settings);
    const present = readTarget(resource, attribute);
    if (
      value === null ||
      value === present ||
      (value === false && isFalse(present)) ||
      (value === true && isTrue(present))
    )
      return [];
    const absent = present === undefined || present === null || present === '';
    return [{ op: absent ? 'add' : 'replace', path: pathOf(attribute), value }];
  });
}

function isFalse(value: unknown): boolean {
  return value === false || (typeof value === 'string' && value.toLowerCase() === 'false');
}

function isTrue(value: unknown): boolean {
  return value === true || (typeof value === 'string' && value.toLowerCase() === 'true');
}
