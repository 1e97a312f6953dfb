import type { ConnectionSettings } from '#contract';
import type { RefusalReason } from '../refusals.ts';

/** What is known of a person before the sign-in is decided. */
export interface KnownPerson {
  /** The person's link with its account. */
  linked:
    | {
        linkConnectionId: string;
        /** The connection whose directory has the user; null where it was deleted with its directory. */
        directory: string | null;
        userId: string | null;
        /** Of the user that the link remembers; null where there is none, or none any more. */
        userActive: number | null;
        disabled: number;
        /** 1: the directory of another link of the account has shut the person out. */
        shutOutElsewhere?: number;
      }
    | undefined;
  /** Users of the connection's directory whose externalId is the person's object id. */
  subjects: readonly { id: string; active: number }[];
  /** Whether such a user was deleted from the directory; asked only where there is neither link nor user. */
  wasDeleted?: boolean;
  /** What became of the person's request to be let in, where there is one. */
  asked?: string | undefined;
  /** Whether the person brings an invitation that is good. */
  invited?: boolean;
}

/** What becomes of a person who signs in. */
export type Verdict =
  | { refused: RefusalReason }
  | {
      refused: null;
      account: 'known' | 'new';
      /** The directory's user that the link remembers from now on, and the connection whose directory it is. */
      userId: string | null;
      directoryId: string;
    };

/**
 * Decides by what is known of a person, without looking at names or addresses (S4, S7, S16): a switched-off user or account
 * is refused, a user who was deleted stays out, and a person without an account gets one as the registration rule says.
 */
export function judgePerson(
  connection: { connectionId: string; registration: ConnectionSettings['registration'] },
  { linked, subjects, wasDeleted = false, asked, invited = false }: KnownPerson,
): Verdict {
  const [subject, another] = subjects;
  if (another !== undefined) return { refused: 'ambiguous_user' };
  if (subject?.active === 0) return { refused: 'user_disabled' };
  if (linked === undefined) {
    if (wasDeleted) return { refused: 'user_deleted' };
    if (connection.registration === 'invitation' && !invited) return { refused: 'not_invited' };
    if (connection.registration === 'approval' && asked !== 'approved')
      return { refused: asked === 'declined' ? 'access_declined' : 'access_asked' };
    if (connection.registration === 'off') return { refused: 'registration_off' };
    if (connection.registration === 'provisioned' && subject === undefined) return { refused: 'not_provisioned' };
    return {
      refused: null,
      account: 'new',
      userId: subject?.id ?? null,
      directoryId: connection.connectionId,
    };
  }
  if (linked.disabled === 1) return { refused: 'account_disabled' };
  if (linked.shutOutElsewhere === 1) return { refused: 'user_disabled' };
  if (subject !== undefined) {
    return { refused: null, account: 'known', userId: subject.id, directoryId: connection.connectionId };
  }
  if (linked.directory === null) {
    return { refused: null, account: 'known', userId: null, directoryId: connection.connectionId };
  }
  if (linked.userId !== null) {
    if (linked.userActive === null) return { refused: 'user_deleted' };
    if (linked.userActive === 0) return { refused: 'user_disabled' };
  }
  return { refused: null, account: 'known', userId: linked.userId, directoryId: linked.linkConnectionId };
}
