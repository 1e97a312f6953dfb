import { interactionPolicy } from 'oidc-provider';

/** The questions that a product may have a person asked: which account, to sign in, to consent. */
export function promptPolicy(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0);
  return policy;
}
