import { type Right, type Role, roles } from '#contract';
import type { Cause } from '#events';
import { Problem, type Source } from '#http';

/** Somebody who authenticated for console, CLI or REST, and what that lets them do. */
export interface Caller {
  type: 'operator' | 'key';
  id: string;
  name: string;
  rights: ReadonlySet<Right>;
  /** The only organization it may see; null: all. */
  organization: string | null;
  /** Epoch milliseconds at which the key or session ends. */
  expiresAt: number;
  /** The console session, where it came by cookie. */
  sessionId: string | null;
  source: Source;
}

/** The rights of a role. */
export const rightsOf = (role: string): ReadonlySet<Right> => new Set(role in roles ? roles[role as Role].rights : []);

/** Refuses a caller without the right: 403 with the right's name. */
export function requireRight(caller: Caller, right: Right): void {
  if (caller.rights.has(right)) return;
  throw new Problem('missing-right', {
    detail: `this needs the right ${right}, which ${caller.name} does not have`,
    remedy: `ask an owner for a role or an API key with ${right}`,
    more: { right },
  });
}

/** What events say of a caller. */
export const causeOf = (caller: Caller): Cause => ({
  actor: {
    type: caller.type,
    id: caller.id,
    name: caller.name,
    address: caller.source.address,
    userAgent: caller.source.userAgent,
  },
  requestId: caller.source.requestId,
});
