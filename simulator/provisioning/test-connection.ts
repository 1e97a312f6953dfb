import { randomUUID } from 'node:crypto';
import type { World } from '../world.ts';
import { authenticate } from './authenticate.ts';
import type { Job } from './job.ts';
import { openTarget, quote } from './scim-request.ts';

/** What the Test Connection button finds. */
export type ConnectionTest = { readonly ok: boolean; readonly message: string };

/** Asks for a user and a group that cannot exist by their matching attributes, and wants an empty list for both. */
export async function testConnection(world: World, job: Job): Promise<ConnectionTest> {
  const { matching } = job.settings;
  const target = openTarget(job, authenticate(world, job), world.send, world.ending);
  try {
    const users = await target.find('/Users', { filter: `${matching.user} eq ${quote(randomUUID())}` });
    const groups = await target.find('/Groups', {
      excludedAttributes: 'members',
      filter: `${matching.group} eq ${quote(randomUUID())}`,
    });
    if (users.length + groups.length > 0)
      return { ok: false, message: 'The target found a user or group for a random value: it ignores the filter' };
    return { ok: true, message: 'The credentials are authorized to enable provisioning' };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
