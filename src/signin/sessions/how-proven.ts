import type { ValidSession } from './session.ts';

const mostAsked = 10;

/** What `acr_values` asks for, the preferred one first (OpenID Connect Core §3.1.2.1). */
export const askedContexts = (acrValues: unknown): string[] =>
  typeof acrValues === 'string'
    ? acrValues
        .split(' ')
        .filter((it) => /^[\x21-\x7e]{1,100}$/.test(it))
        .slice(0, mostAsked)
    : [];

/** The first context asked for that a session satisfies; where none is asked for, the first that it satisfies at all. */
function satisfied({ acr }: Pick<ValidSession, 'acr'>, asked: readonly string[]): string | undefined {
  const contexts = acr === null ? [] : acr.split(' ');
  return asked.length === 0 ? contexts[0] : asked.find((it) => contexts.includes(it));
}

/** Whether a session satisfies what is asked for: one of it is enough, and nothing always is. */
export const satisfies = (session: Pick<ValidSession, 'acr'>, asked: readonly string[]): boolean =>
  asked.length === 0 || satisfied(session, asked) !== undefined;

/**
 * When, how and how well a person authenticated, as the provider tells it (`auth_time`, `amr`, `acr`; OpenID Connect Core §2).
 * Where the connection's provider does not say when, it is when the sign-in ended here: all that can be said. It proves no new
 * authentication, so `max_age` and `prompt=login` look at the session instead.
 */
export function howProven(
  session: Pick<ValidSession, 'authenticatedAt' | 'signedInAt' | 'acr' | 'amr'>,
  asked: readonly string[],
): { loginTs: number; acr: string | undefined; amr: string[] | undefined } {
  return {
    loginTs: Math.floor((session.authenticatedAt || session.signedInAt) / 1000),
    acr: satisfied(session, asked),
    amr: session.amr?.split(' '),
  };
}

/** The session has to be of an authentication after this, epoch milliseconds, for one that was asked for at `at`. */
export function authenticatedSince(at: number, maxAge: unknown): number {
  const seconds = maxAge === undefined ? Number.NaN : Number(maxAge);
  // `auth_time` comes in whole seconds.
  return Number.isFinite(seconds) ? Math.floor(at / 1000 - seconds) * 1000 : 0;
}
