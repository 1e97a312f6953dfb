/**
 * Owns the door in both directions: problems (RFC 9457), credentials' text, bodies and their limits, where a request came
 * from, cookies, what passkeys sign, the pages that the server writes, and requests to addresses that people enter.
 * Never does: know who somebody is or what they may do, or touch the database.
 * Start reading at `problem.ts`.
 */
export { html, raw } from 'hono/html';
export { type Asked, askedOf, type Reply } from './asked.ts';
export { BodyTooLarge, readJson, readText } from './body.ts';
export { cookieOf, cookiesAfter, isOwnOrigin, setCookie } from './cookie.ts';
export {
  bearerOf,
  type CredentialKind,
  isSecretOf,
  type MintedCredential,
  mintCredential,
  parseCredential,
} from './credential.ts';
export { createOutboundFetch, isInward } from './outbound.ts';
export { type Html, newNonce, pageHeaders, pageResponse } from './page.ts';
export {
  type NewPasskey,
  type PasskeyAnswer,
  readPasskeyAnswer,
  registrationOptions,
  verifyNewPasskey,
  verifyPasskey,
} from './passkey.ts';
export { addPasskeyScript, newPasskeyForm, passkeyForm, signInByPasskeyScript } from './passkey-script.ts';
export { notFound, Problem, type ProblemDetails, problemResponse } from './problem.ts';
export { type Door, type Source, sourceOf } from './source.ts';
