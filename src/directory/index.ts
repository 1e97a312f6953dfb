/**
 * Owns directories: the SCIM service below each Tenant URL, users, groups and memberships, the record of what provisioning
 * clients asked and what it did, their contact and its check.
 * Never does: understand SCIM (that is the pure engine's), or know accounts and sessions: those ask the tables.
 * Start reading at `door.ts`, then `routes.ts` and `users/create-user.ts`.
 */
import type { CheckOf } from '#connections';
import { checkContact } from './check-contact.ts';
import { checkExternalIds } from './check-external-ids.ts';

export { dropHeld, releaseHeld } from './brake/decide.ts';
export { makeReleased } from './brake/make-released.ts';
export { createScimDoor, type ScimDoor } from './door.ts';
export { refusals } from './refusals.ts';
export { replayRequest } from './replay-request.ts';
export { pageOfCycles } from './rest/cycles.ts';
export { getDirectory } from './rest/get-directory.ts';
export { getProvisionedGroup, pageOfGroups, pageOfMembers } from './rest/groups.ts';
export { pageOfHeld } from './rest/held.ts';
export { getRequest, pageOfRequests } from './rest/requests.ts';
export { getProvisionedUser, pageOfUsers } from './rest/users.ts';
export { changeSettings } from './settings.ts';
export { forgetOldRequests, sweepMemberships } from './work.ts';

/** What this room can ask about a connection. */
export const directoryChecks: readonly CheckOf[] = [checkContact, checkExternalIds];
