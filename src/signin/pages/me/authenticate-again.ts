import type { World } from '#store';
import type { ValidSession } from '../../sessions/session.ts';

/** So long a proof of who sits there is good for changing how the account is got into. */
const latelyMs = 300_000;

/** Whether the person proved who it is in the last five minutes. */
export const authenticatedLately = (world: Pick<World, 'now'>, session: ValidSession): boolean =>
  world.now() - session.authenticatedAt <= latelyMs;

/**
 * Where a person proves anew who it is, and comes back to the page from: the connection that the session came by, or the
 * sign-in page for a session that came by none.
 */
export function addressToAuthenticate({ connectionId, preferredUsername }: ValidSession): string {
  if (connectionId === '') return '/login?anew';
  const hint = preferredUsername === null ? {} : { login_hint: preferredUsername };
  return `/oauth/login/${connectionId}?${new URLSearchParams({ prompt: 'login', ...hint })}`;
}
