import { type BoundAttribute, GROUP_TYPE, includesAttribute, type Projection, ScimError } from '#scim';
import type { World } from '#store';
import type { Directory } from '../exchange.ts';
import { resourceText, type StoredResource } from '../resource-answer.ts';
import { membersText } from './members-text.ts';

const members: BoundAttribute | undefined = GROUP_TYPE.attributes.find(({ path }) => path === 'members');

/** Whether an answer shows members: if not, no membership is read. */
export const showsMembers = (projection: Projection): boolean =>
  members !== undefined && includesAttribute(projection, members);

/** The text that answers a group, with its members where they are asked for. */
export async function groupText(
  world: World,
  directory: Directory,
  row: StoredResource & { member_count?: number },
  projection: Projection,
): Promise<string> {
  const wanted = showsMembers(projection) && row.member_count !== 0;
  const spliced = { members: wanted ? await membersText(world, directory, row.id) : undefined };
  return resourceText(directory, 'Group', row, projection, spliced);
}

/** 404 for a group that is not in the directory. */
export const noGroup = (id: string): ScimError =>
  new ScimError(404, undefined, `there is no group ${JSON.stringify(id.slice(0, 80))} in this directory`);
