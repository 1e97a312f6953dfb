import type { errors, interactionPolicy, KoaContextWithOIDC } from 'oidc-provider';
import { askedContexts, authenticatedSince, howProven, satisfies } from '../sessions/how-proven.ts';
import type { Seen } from './browser-session.ts';

/** What the questions look at. */
interface Given {
  now: () => number;
  seen: (ctx: KoaContextWithOIDC) => Seen;
  errors: Pick<typeof errors, 'UnmetAuthenticationRequirements'>;
}

/**
 * The questions that a product may have a person asked: which account, to sign in, to consent. Whether somebody has to sign in
 * for `max_age` or `acr_values` is seen from the session here: the library knows only what it was told last.
 */
export function promptPolicy(
  { base, Prompt, Check }: typeof interactionPolicy,
  { now, seen, errors }: Given,
): interactionPolicy.DefaultPolicy {
  const policy = base();
  policy.add(new Prompt({ name: 'select_account', requestable: true }), 0);
  const login = policy.get('login');
  login?.checks.remove('max_age');
  login?.checks.add(
    new Check('max_age', 'the person authenticated longer ago than max_age', 'login_required', async (ctx) => {
      const { params, result } = ctx.oidc;
      if (params?.['max_age'] === undefined || result?.login !== undefined) return false;
      const browser = await seen(ctx).browser();
      return (browser?.authenticatedAt ?? 0) < authenticatedSince(now(), params['max_age']);
    }),
  );
  login?.checks.add(
    new Check('acr', 'the session satisfies none of acr_values', 'login_required', async (ctx) => {
      const { params, result, session } = ctx.oidc;
      const browser = await seen(ctx).browser();
      const asked = askedContexts(params?.['acr_values']);
      if (browser === undefined || session?.accountId !== browser.accountId) return false;
      Object.assign(session, howProven(browser, asked));
      if (satisfies(browser, asked)) return false;
      if (result?.login === undefined) return true;
      throw new errors.UnmetAuthenticationRequirements('the sign-in satisfied none of acr_values');
    }),
  );
  return policy;
}
