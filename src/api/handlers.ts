import { accessHandlers } from './access.ts';
import { connectionHandlers } from './connections.ts';
import { eventHandlers } from './events.ts';
import { explainHandlers } from './explain.ts';
import { mailHandlers } from './mail.ts';
import { organizationHandlers } from './organizations.ts';
import { setupHandlers } from './setup.ts';

/** The handler of every entry. */
export const handlers = {
  ...accessHandlers,
  ...organizationHandlers,
  ...connectionHandlers,
  ...setupHandlers,
  ...mailHandlers,
  ...eventHandlers,
  ...explainHandlers,
};
