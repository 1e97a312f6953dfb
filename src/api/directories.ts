import {
  changeSettings,
  dropHeld,
  getDirectory,
  getProvisionedGroup,
  getProvisionedUser,
  getRequest,
  pageOfCycles,
  pageOfGroups,
  pageOfHeld,
  pageOfMembers,
  pageOfRequests,
  pageOfUsers,
  releaseHeld,
  replayRequest,
} from '#directory';
import type { Handlers } from './handler.ts';

/** Directories: provisioned users and groups, and the recorded requests. */
export const directoryHandlers: Handlers<
  | 'directories.get'
  | 'directories.update'
  | 'users.list'
  | 'users.get'
  | 'groups.list'
  | 'groups.get'
  | 'groups.members'
  | 'cycles.list'
  | 'requests.list'
  | 'requests.get'
  | 'held.list'
  | 'held.release'
  | 'held.drop'
  | 'requests.replay'
> = {
  'directories.get': (world, { organizationId, params }) => getDirectory(world, organizationId, params.directory),
  'directories.update': async (world, { cause, organizationId, params, body, version }) => {
    await changeSettings(world, cause, organizationId, params.directory, body, version);
    return getDirectory(world, organizationId, params.directory);
  },
  'users.list': (world, { organizationId, params, query }) =>
    pageOfUsers(world, organizationId, params.directory, query),
  'users.get': (world, { organizationId, params }) =>
    getProvisionedUser(world, organizationId, params.directory, params.user),
  'groups.list': (world, { organizationId, params, query }) =>
    pageOfGroups(world, organizationId, params.directory, query),
  'groups.get': (world, { organizationId, params }) =>
    getProvisionedGroup(world, organizationId, params.directory, params.group),
  'groups.members': (world, { organizationId, params, query }) =>
    pageOfMembers(world, organizationId, params.directory, params.group, query),
  'cycles.list': (world, { organizationId, params, query }) =>
    pageOfCycles(world, organizationId, params.directory, query),
  'requests.list': (world, { organizationId, params, query }) =>
    pageOfRequests(world, organizationId, params.directory, query),
  'requests.get': (world, { organizationId, params }) =>
    getRequest(world, organizationId, params.directory, params.request),
  'held.list': (world, { organizationId, params, query }) => pageOfHeld(world, organizationId, params.directory, query),
  'held.release': (world, { cause, organizationId, params, body }) =>
    releaseHeld(world, cause, organizationId, params.directory, body),
  'held.drop': (world, { cause, organizationId, params, body }) =>
    dropHeld(world, cause, organizationId, params.directory, body),
  'requests.replay': (world, { organizationId, params }) =>
    replayRequest(world, organizationId, params.directory, params.request),
};
