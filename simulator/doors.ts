import { ArmError, armRefusal, armRoutes } from './arm/arm-routes.ts';
import { appManagementPolicyRoutes } from './control/app-management-policy.ts';
import { applicationRoutes } from './control/applications.ts';
import { clockAndKeyRoutes } from './control/clock-and-keys.ts';
import { ControlError } from './control/control-error.ts';
import { deviceCodeRoutes as controlDeviceCodeRoutes } from './control/device-codes.ts';
import { directoryRoleRoutes } from './control/directory-roles.ts';
import { exchangeAccessRoutes } from './control/exchange-access.ts';
import { exchangeMailboxRoutes } from './control/exchange-mailboxes.ts';
import { faultRoutes } from './control/faults.ts';
import { mailRoutes } from './control/mail.ts';
import { provisioningRoutes } from './control/provisioning.ts';
import { requestRoutes } from './control/requests.ts';
import { sessionRoutes } from './control/sessions.ts';
import { signInRoutes } from './control/sign-in.ts';
import { snapshotRoutes } from './control/snapshots.ts';
import { tenantRoutes } from './control/tenants.ts';
import { actionRoutes } from './control-page/actions.ts';
import { pageRoutes } from './control-page/pages.ts';
import { refusalPage } from './control-page/refusal-page.ts';
import { checkSameSite } from './control-page/same-site.ts';
import { ewsRoutes } from './ews/ews-routes.ts';
import { answerWithFaults } from './faults/answer-with-faults.ts';
import { batchRoutes } from './graph/batch.ts';
import { type GraphCall, readCaller } from './graph/caller.ts';
import { noteChange } from './graph/directory-audits.ts';
import { directoryRoutes } from './graph/directory-routes.ts';
import { GraphError, graphRefusal } from './graph/graph-error.ts';
import { plainPath } from './graph/plain-path.ts';
import { setupRoutes } from './graph/setup-routes.ts';
import { type HostDoor, microsoftHosts } from './hosts/names.ts';
import { type Answer, type Exchange, json } from './http/exchange.ts';
import { compileRoutes } from './http/routes.ts';
import { attachmentRoutes } from './mail/attachment-routes.ts';
import { mailFolderRoutes } from './mail/folder-routes.ts';
import { mailReadRoutes } from './mail/read-routes.ts';
import { mailReplyRoutes } from './mail/reply-routes.ts';
import { uploadRoutes } from './mail/upload-session.ts';
import { mailWriteRoutes } from './mail/write-routes.ts';
import { startPage } from './pages/start-page.ts';
import { PortalApiError, portalApiRefusal, portalApiRoutes } from './portal-api/consent-routes.ts';
import { AadstsError, aadstsAnswer } from './sign-in/aadsts.ts';
import { authorizeRoutes } from './sign-in/authorize.ts';
import { devicePageRoutes } from './sign-in/device-page.ts';
import { discoveryRoutes } from './sign-in/discovery.ts';
import { logoutRoutes } from './sign-in/logout.ts';
import { subscriptionRoutes } from './subscriptions/subscription-routes.ts';
import { deviceCodeRoutes } from './token/devicecode-endpoint.ts';
import { tokenRoutes } from './token/token-endpoint.ts';
import { userinfoRoutes } from './token/userinfo.ts';
import type { World } from './world.ts';

/** One of the services behind the origin, with its own way to refuse. */
type Door = {
  readonly answer: (exchange: Exchange, segments: readonly string[]) => Answer | Promise<Answer>;
  /** The refusal in this door's words; undefined for an error that is none of them. */
  readonly refuse: (exchange: Exchange, error: Error) => Answer | Promise<Answer> | undefined;
};

/**
 * Answers a request: the door by one of Microsoft's hosts or else by the first path piece, then the route, then the door's own
 * words for a refusal.
 */
export function createDoors(world: World): (exchange: Exchange) => Promise<Answer> {
  const graph = graphDoor(world);
  const outlook = outlookDoor(world);
  const byHost: Readonly<Record<HostDoor, Door>> = {
    login: loginDoor(world),
    graph: ofVersion(graph, world),
    arm: armDoor(world),
    outlook,
    portalApi: portalApiDoor(world),
    azureAdGraph: retiredDoor(world),
  };
  const byPath = new Map([
    ['_control', controlDoor(world)],
    ['v1.0', graph],
    ['api', below('api', outlook)],
    ['ews', below('ews', outlook)],
  ]);
  return async (exchange) => {
    const [first = '', ...rest] = exchange.segments;
    const host = microsoftHosts.get(exchange.url.hostname);
    const named = host === undefined ? byPath.get(first.toLowerCase()) : undefined;
    const door = named ?? byHost[host ?? 'login'];
    try {
      return await door.answer(exchange, named === undefined ? exchange.segments : rest);
    } catch (error) {
      const answer = error instanceof Error ? door.refuse(exchange, error) : undefined;
      if (answer === undefined) throw error;
      return answer;
    }
  };
}

/** Graph at its own host, where the version comes first, and userinfo beside the versions. */
function ofVersion({ answer, refuse }: Door, world: World): Door {
  const findUserinfo = compileRoutes(userinfoRoutes(world));
  return {
    answer: (exchange, [version = '', ...segments]) => {
      if (version.toLowerCase() === 'v1.0') return answer(exchange, segments);
      const userinfo = findUserinfo(exchange.method, exchange.segments);
      if ('handle' in userinfo) return userinfo.handle(exchange);
      throw new GraphError(400, 'BadRequest', `Invalid version: ${version}`);
    },
    refuse,
  };
}

/** A door whose routes begin with the path piece by which it is found where there is no host of its own. */
function below(piece: string, { answer, refuse }: Door): Door {
  return { answer: (exchange, segments) => answer(exchange, [piece, ...segments]), refuse };
}

function outlookDoor(world: World): Door {
  const find = compileRoutes({ ...uploadRoutes(world), ...ewsRoutes(world) });
  return {
    answer: (exchange, segments) => {
      const match = find(exchange.method, plainPath(segments));
      if ('handle' in match) return match.handle(exchange, ...match.keys);
      throw new GraphError(404, 'ResourceNotFound', `There is nothing at ${exchange.url.pathname}.`);
    },
    refuse: (exchange, error) =>
      error instanceof GraphError ? graphRefusal(exchange, error, world.clock.now()) : undefined,
  };
}

function armDoor(world: World): Door {
  const find = compileRoutes(armRoutes(world));
  return {
    answer: (exchange, segments) => {
      const match = find(exchange.method, segments);
      if ('handle' in match) return match.handle(exchange, ...match.keys);
      const { pathname } = exchange.url;
      if (match.allowed.length === 0)
        throw new ArmError(
          404,
          'NotFound',
          `No resource was found at '${pathname}'; the simulator has no subscriptions.`,
        );
      throw new ArmError(405, 'MethodNotAllowed', `The resource at '${pathname}' takes ${match.allowed.join(', ')}.`);
    },
    refuse: (_exchange, error) => (error instanceof ArmError ? armRefusal(error) : undefined),
  };
}

function controlDoor(world: World): Door {
  const find = compileRoutes({
    ...tenantRoutes(world),
    ...signInRoutes(world),
    ...applicationRoutes(world),
    ...appManagementPolicyRoutes(world),
    ...directoryRoleRoutes(world),
    ...clockAndKeyRoutes(world),
    ...provisioningRoutes(world),
    ...mailRoutes(world),
    ...exchangeAccessRoutes(world),
    ...exchangeMailboxRoutes(world),
    ...faultRoutes(world),
    ...controlDeviceCodeRoutes(world),
    ...sessionRoutes(world),
    ...requestRoutes(world),
    ...pageRoutes(world),
    ...actionRoutes(world),
    ...snapshotRoutes(world),
  });
  return {
    answer: (exchange, segments) => {
      checkSameSite(exchange);
      const match = find(exchange.method, segments);
      if ('handle' in match) return match.handle(exchange, ...match.keys);
      const { pathname } = exchange.url;
      if (match.allowed.length === 0) throw new ControlError(404, 'notFound', `There is nothing at ${pathname}`);
      throw new ControlError(405, 'methodNotAllowed', `${pathname} takes ${match.allowed.join(', ')}`);
    },
    refuse: (exchange, error) => {
      if (!(error instanceof ControlError)) return undefined;
      const said = json(error.status, { error: { code: error.code, message: error.message } });
      return refusalPage(world, exchange, error) ?? said;
    },
  };
}

function portalApiDoor(world: World): Door {
  const find = compileRoutes(portalApiRoutes(world));
  return {
    answer: (exchange, segments) => {
      const match = find(exchange.method, segments);
      if ('handle' in match) return match.handle(exchange, ...match.keys);
      throw new PortalApiError(404, 'NotFound', `There is nothing at ${exchange.url.pathname}.`);
    },
    refuse: (_exchange, error) => (error instanceof PortalApiError ? portalApiRefusal(error) : undefined),
  };
}

/** Azure AD Graph is retired: whoever still follows a claim to it is told so. */
function retiredDoor(world: World): Door {
  return {
    answer: () => {
      throw new GraphError(
        403,
        'Authorization_RequestDenied',
        'Access blocked to AAD Graph API for this application. https://aka.ms/AzureADGraphMigration.',
      );
    },
    refuse: (exchange, error) =>
      error instanceof GraphError ? graphRefusal(exchange, error, world.clock.now()) : undefined,
  };
}

function graphDoor(world: World): Door {
  // Each part of a batch comes through this door by itself, faults and all.
  const part = async (exchange: Exchange): Promise<Answer> => {
    try {
      return await door.answer(exchange, exchange.segments.slice(1));
    } catch (error) {
      const answer = error instanceof Error ? door.refuse(exchange, error) : undefined;
      if (answer === undefined) throw error;
      return answer;
    }
  };
  const find = compileRoutes<GraphCall>({
    ...batchRoutes(answerWithFaults(world, part)),
    ...directoryRoutes(),
    ...setupRoutes(),
    ...mailReadRoutes(),
    ...mailWriteRoutes(),
    ...mailReplyRoutes(),
    ...mailFolderRoutes(),
    ...attachmentRoutes(),
    ...subscriptionRoutes(),
  });
  const door: Door = {
    answer: async (exchange, segments) => {
      const caller = await readCaller(world, exchange);
      const match = find(exchange.method, plainPath(segments));
      if ('handle' in match) {
        const answer = await match.handle({ world, exchange, caller }, ...match.keys);
        if (exchange.method !== 'GET') noteChange(world, caller, exchange.method, plainPath(segments));
        return answer;
      }
      if (match.allowed.length === 0) {
        throw new GraphError(400, 'BadRequest', `Resource not found for the segment '${segments.at(-1) ?? ''}'.`);
      }
      throw new GraphError(405, 'Request_BadRequest', 'Specified HTTP method is not allowed for the request target.');
    },
    refuse: (exchange, error) =>
      error instanceof GraphError ? graphRefusal(exchange, error, world.clock.now()) : undefined,
  };
  return door;
}

function loginDoor(world: World): Door {
  const find = compileRoutes({
    'GET /': (exchange) => startPage(world, exchange),
    // Browsers ask for it at every page; a refusal would stand among the ones people look for.
    'GET /favicon.ico': () => ({ status: 204, headers: { 'cache-control': 'max-age=86400' } }),
    ...userinfoRoutes(world),
    ...discoveryRoutes(world),
    ...authorizeRoutes(world),
    ...tokenRoutes(world),
    ...deviceCodeRoutes(world),
    ...devicePageRoutes(world),
    ...logoutRoutes(world),
  });
  const refuse = (exchange: Exchange, error: Error): Answer | undefined =>
    error instanceof AadstsError ? aadstsAnswer(exchange, error, world.clock.now()) : undefined;
  return {
    answer: (exchange, segments) => {
      const match = find(exchange.method, segments);
      if ('handle' in match) return match.handle(exchange, ...match.keys);
      if (match.allowed.length > 0) {
        throw new AadstsError(900561, `The endpoint only accepts ${match.allowed.join(', ')} requests`);
      }
      const nothing = new AadstsError(90004, `There is no endpoint at ${exchange.url.pathname}`);
      return { ...aadstsAnswer(exchange, nothing, world.clock.now()), status: 404 };
    },
    refuse,
  };
}
