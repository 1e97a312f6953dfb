import type { interactionPolicy } from 'oidc-provider';

/** The questions that a product may have a person asked: which account, to sign in, to consent. */
export function promptPolicy({ base, Prompt }: typeof interactionPolicy): interactionPolicy.DefaultPolicy {
  const policy = base();
  policy.add(new Prompt({ name: 'select_account', requestable: true }), 0);
  return policy;
}
