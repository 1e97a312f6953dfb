// What is the same for every OpenID provider, seen from a client: metadata documents, signing keys, the authorization request
// and its answer, redeeming a code, how a client proves itself, id tokens, userinfo.
// Never: anything that is Microsoft's alone (that is `entra`), storing, deciding who an account is; network and clock come in
// as arguments.
// Start reading at discover-provider.ts, then verify-token.ts and validate-id-token.ts.

export {
  type AuthorizationRequest,
  type AuthorizationResponse,
  authorizationUrl,
  newSignInRequest,
  readAuthorizationResponse,
  type SignInRequest,
  signOutUrl,
} from './authorization.ts';
export { type ClientProof, presentProof } from './client-proof.ts';
export {
  discoverProvider,
  MetadataError,
  type Provider,
  type ProviderAddress,
  readProviderAddress,
} from './discover-provider.ts';
export { createDocumentCache } from './document-cache.ts';
export { type Answer, fetchAnswer, Unreachable } from './fetch-answer.ts';
export { createKeyCache, type KeyCache, type SigningKey } from './key-cache.ts';
export { type PersonClaims, readEmail, text, texts, timeOf, truth } from './person-claims.ts';
export { createProviderCache, type ProviderCache } from './provider-cache.ts';
export { askProvider, ProviderError } from './provider-error.ts';
export { readOpenidClaims } from './read-claims.ts';
export { readUserinfo } from './read-userinfo.ts';
export { type RedeemedCode, redeemCode } from './redeem-code.ts';
export { type OwnCertificate, signClientAssertion } from './sign-client-assertion.ts';
export { type TokenRefusal, TokenRefused } from './token-refused.ts';
export { requestToken, secondsLeft, textMember } from './token-request.ts';
export { type OpenidClaims, validateIdToken as validateOpenidToken } from './validate-id-token.ts';
export { assertHash, assertNonce, type VerifiedToken, verifyToken } from './verify-token.ts';
