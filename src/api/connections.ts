import {
  activateConnection,
  changeConnection,
  createConnection,
  deleteConnection,
  deleteSecret,
  deriveProvider,
  deriveStartingPoint,
  distrustAssertions,
  getConnection,
  issueCredential,
  makeOwnCertificate,
  pageOfAllConnections,
  pageOfAssertionTrusts,
  pageOfConnections,
  pageOfCredentials,
  pageOfSecrets,
  pauseConnection,
  rollBackConnection,
  setSecret,
  switchSecret,
  tokenEndpointOf,
  trustAssertions,
  withdrawCredential,
} from '#connections';
import { notFound } from '#http';
import type { Handlers } from './handler.ts';

/** Connections, their secrets, and the credentials of provisioning clients. */
export const connectionHandlers: Handlers<
  | 'connections.list'
  | 'connections.create'
  | 'connections.start'
  | 'connections.get'
  | 'connections.update'
  | 'connections.delete'
  | 'connections.activate'
  | 'connections.pause'
  | 'connections.rollback'
  | 'secrets.list'
  | 'secrets.set'
  | 'secrets.certify'
  | 'secrets.rotate'
  | 'secrets.delete'
  | 'tokens.list'
  | 'tokens.create'
  | 'tokens.revoke'
  | 'clientSecrets.list'
  | 'clientSecrets.create'
  | 'clientSecrets.revoke'
  | 'assertions.list'
  | 'assertions.create'
  | 'assertions.delete'
> = {
  'connections.list': async (world, { caller, query }) => {
    if (
      query.organization !== undefined &&
      caller.organization !== null &&
      query.organization !== caller.organization
    ) {
      throw notFound('organization', query.organization);
    }
    const organizationId = query.organization ?? caller.organization;
    return organizationId === null
      ? pageOfAllConnections(world, query)
      : pageOfConnections(world, organizationId, query);
  },
  'connections.create': (world, { cause, organizationId, body }) =>
    createConnection(world, cause, organizationId, body),
  'connections.start': (world, { body }) =>
    body.provider === 'openid'
      ? deriveProvider(world, body.startFrom)
      : deriveStartingPoint(world, body.startFrom, body.cloud),
  'connections.get': (world, { organizationId, params }) => getConnection(world, organizationId, params.connection),
  'connections.update': (world, { cause, organizationId, params, body, version }) =>
    changeConnection(world, cause, organizationId, params.connection, body, version),
  'connections.delete': async (world, { cause, organizationId, params, version }) =>
    void (await deleteConnection(world, cause, organizationId, params.connection, version)),
  'connections.activate': (world, { cause, organizationId, params }) =>
    activateConnection(world, cause, organizationId, params.connection),
  'connections.pause': (world, { cause, organizationId, params }) =>
    pauseConnection(world, cause, organizationId, params.connection),
  'connections.rollback': (world, { cause, organizationId, params }) =>
    rollBackConnection(world, cause, organizationId, params.connection),
  'secrets.list': (world, { organizationId, params, query }) =>
    pageOfSecrets(world, organizationId, params.connection, query),
  'secrets.set': (world, { cause, organizationId, params, body }) =>
    setSecret(world, cause, organizationId, params.connection, body),
  'secrets.certify': (world, { cause, organizationId, params, body }) =>
    makeOwnCertificate(world, cause, organizationId, params.connection, body),
  'secrets.rotate': (world, { cause, organizationId, params }) =>
    switchSecret(world, cause, organizationId, params.connection, params.secret),
  'secrets.delete': async (world, { cause, organizationId, params }) =>
    void (await deleteSecret(world, cause, organizationId, params.connection, params.secret)),
  'tokens.list': (world, { organizationId, params, query }) =>
    pageOfCredentials(world, 'token', organizationId, params.directory, query),
  'tokens.create': (world, { cause, organizationId, params, body }) =>
    issueCredential(world, cause, 'token', organizationId, params.directory, body),
  'tokens.revoke': async (world, { cause, organizationId, params }) =>
    void (await withdrawCredential(world, cause, 'token', organizationId, params.directory, params.token)),
  'clientSecrets.list': (world, { organizationId, params, query }) =>
    pageOfCredentials(world, 'clientSecret', organizationId, params.directory, query),
  'clientSecrets.create': async (world, { cause, organizationId, params: { directory }, body }) => ({
    ...(await issueCredential(world, cause, 'clientSecret', organizationId, directory, body)),
    clientId: directory,
    tokenEndpoint: tokenEndpointOf(world.config.url, directory),
  }),
  'clientSecrets.revoke': async (world, { cause, organizationId, params }) =>
    void (await withdrawCredential(
      world,
      cause,
      'clientSecret',
      organizationId,
      params.directory,
      params.clientSecret,
    )),
  'assertions.list': (world, { organizationId, params, query }) =>
    pageOfAssertionTrusts(world, organizationId, params.directory, query),
  'assertions.create': (world, { cause, organizationId, params, body }) =>
    trustAssertions(world, cause, organizationId, params.directory, body),
  'assertions.delete': async (world, { cause, organizationId, params }) =>
    void (await distrustAssertions(world, cause, organizationId, params.directory, params.assertion)),
};
