import type { EntraWorld } from '#connections';
import type { Html, Source } from '#http';
import type { ValidSession } from '../../sessions/session.ts';

/** Who asks for the page, by which session, from where. */
export interface Asked {
  world: EntraWorld;
  request: Request;
  source: Source;
  session: ValidSession;
  /** Whether the person proved who it is in the last five minutes. */
  lately: boolean;
}

/** What a form of the page led to: something to say on the page, a new proof that is needed first, or another answer. */
export type Done = { said: string } | 'authenticate' | Response;

/**
 * A part of the person's page. Its forms post to `/me/{name}/{action}`; the door has made sure by then that the request comes
 * from the page and that the session is valid. An action that changes how the account is got into
 * looks at `lately` first, and gives `authenticate` where it was too long ago.
 */
export interface MeSection {
  name: string;
  /** The part as it is now; undefined where there is nothing of it for this person. */
  show(asked: Asked): Promise<Html | undefined>;
  actions: Readonly<Record<string, (asked: Asked, form: URLSearchParams) => Promise<Done>>>;
  /** What can be said after an action, by the names that actions give. */
  says: Readonly<Record<string, string>>;
}
