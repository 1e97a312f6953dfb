import type { Answer, Exchange } from '../http/exchange.ts';
import { header, json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import type { World } from '../world.ts';
import { appsPage } from './apps-page.ts';
import { faultsPage } from './faults-page.ts';
import { groupPage, groupsPage } from './groups-page.ts';
import { mailboxPage, mailPage } from './mail-page.ts';
import { overviewPage } from './overview-page.ts';
import { peoplePage, personPage } from './people-page.ts';
import { provisioningPage } from './provisioning-page.ts';
import { requestsPage } from './requests-page.ts';
import { sessionsPage } from './sessions-page.ts';
import { shell } from './shell.ts';
import { timePage } from './time-page.ts';
import { tokensPage } from './tokens-page.ts';

/** The pages by which a person sees and drives the simulator. At `/_control` itself whoever asks for no page gets JSON. */
export function pageRoutes(world: World): Routes {
  const overview = (exchange: Exchange): Answer | Promise<Answer> =>
    header(exchange, 'accept')?.includes('text/html')
      ? shell(world, overviewPage(world, exchange))
      : json(
          200,
          { tenants: '/_control/tenants', clock: '/_control/clock', faults: '/_control/faults' },
          { vary: 'accept' },
        );
  return {
    'GET ': overview,
    'GET /': overview,
    'GET /view/people': (exchange) => shell(world, peoplePage(world, exchange)),
    'GET /view/people/:tenant/:user': (_exchange, tenant, user) => shell(world, personPage(world, tenant, user)),
    'GET /view/groups': (exchange) => shell(world, groupsPage(world, exchange)),
    'GET /view/groups/:tenant/:group': (_exchange, tenant, group) => shell(world, groupPage(world, tenant, group)),
    'GET /view/apps': () => shell(world, appsPage(world)),
    'GET /view/tokens': () => shell(world, tokensPage(world)),
    'GET /view/sessions': () => shell(world, sessionsPage(world)),
    'GET /view/mail': () => shell(world, mailPage(world)),
    'GET /view/mail/:user': (_exchange, user) => shell(world, mailboxPage(world, user)),
    'GET /view/provisioning': () => shell(world, provisioningPage(world)),
    'GET /view/requests': (exchange) => shell(world, requestsPage(world, exchange)),
    'GET /view/faults': () => shell(world, faultsPage(world)),
    'GET /view/time': () => shell(world, timePage(world)),
  };
}
