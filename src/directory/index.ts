/**
 * Owns directories: the SCIM service below each Tenant URL, users, groups and memberships, the record of what provisioning
 * clients asked and what it did, their contact and its checks.
 * Never does: understand SCIM (that is the pure engine's), or know accounts and sessions: those ask the tables.
 * Start reading at `door.ts`, then `routes.ts` and `users/create-user.ts`.
 */
export { createScimDoor, type ScimDoor } from './door.ts';
export { forgetOldRequests, sweepMemberships } from './work.ts';
