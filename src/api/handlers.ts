import { accessHandlers } from './access.ts';
import { accessRequestHandlers } from './access-requests.ts';
import { accountHandlers } from './accounts.ts';
import { breakGlassHandlers } from './break-glass.ts';
import { clientHandlers } from './clients.ts';
import { connectionHandlers } from './connections.ts';
import { directoryHandlers } from './directories.ts';
import { domainHandlers } from './domains.ts';
import { eventHandlers } from './events.ts';
import { explainHandlers } from './explain.ts';
import type { Handlers } from './handler.ts';
import { invitationHandlers } from './invitations.ts';
import { localSignInHandlers } from './local-sign-in.ts';
import { mailHandlers } from './mail.ts';
import { organizationHandlers } from './organizations.ts';
import { setupHandlers } from './setup.ts';
import { signInTestHandlers } from './sign-in-tests.ts';

/** The handler of every entry of the contract. */
export const handlers: Handlers = {
  ...accessHandlers,
  ...breakGlassHandlers,
  ...organizationHandlers,
  ...connectionHandlers,
  ...domainHandlers,
  ...setupHandlers,
  ...directoryHandlers,
  ...mailHandlers,
  ...eventHandlers,
  ...explainHandlers,
  ...accountHandlers,
  ...accessRequestHandlers,
  ...invitationHandlers,
  ...localSignInHandlers,
  ...clientHandlers,
  ...signInTestHandlers,
};
