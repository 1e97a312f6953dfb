/**
 * Owns who may do what in console, CLI and REST: operators, their one-time links and break-glass credentials, roles and rights, API keys, console
 * sessions.
 * Never does: sign in the people of customers (that is `signin`), or know what a right protects.
 * Start reading at `authenticate.ts`.
 */
export { issueKey, pageOfKeys, revokeKey, revokeKeysOf } from './api-keys.ts';
export { authenticate, consoleCookie } from './authenticate.ts';
export {
  acknowledgeUse,
  createBreakGlass,
  pageOfBreakGlass,
  pageOfUses,
  renewBreakGlass,
} from './break-glass.ts';
export { type Caller, causeOf, requireRight } from './caller.ts';
export { createOperatorDoor } from './door.ts';
export {
  changeOperator,
  createOperator,
  deleteOperator,
  linkForOperator,
  pageOfOperators,
  signOut,
} from './operators.ts';
export { firstLink, isLinkValid, type SignInLink, signInByLink } from './sign-in-link.ts';
