import { type ClientProof, presentProof } from './client-proof.ts';
import type { Answer } from './fetch-answer.ts';
import { requestToken, textMember } from './token-request.ts';

/** What a redeemed code brought. */
export interface RedeemedCode {
  /** To be validated before anything in it is believed. */
  readonly idToken: string;
  /** Opaque: good for the userinfo endpoint. */
  readonly accessToken: string;
}

/** Redeems an authorization code, once, at a token endpoint (RFC 6749 §4.1.3, RFC 7636 §4.5). Throws ProviderError. */
export async function redeemCode(request: {
  readonly tokenEndpoint: string;
  /** Algorithms of assertions that the endpoint takes, where it says so. */
  readonly algorithms?: readonly string[] | undefined;
  readonly clientId: string;
  readonly proof: ClientProof;
  readonly code: string;
  readonly redirectUri: string;
  readonly codeVerifier: string;
  readonly fetch: typeof globalThis.fetch;
  readonly readError?: ((answer: Answer) => Error) | undefined;
}): Promise<RedeemedCode> {
  const { tokenEndpoint, clientId, proof, fetch, readError } = request;
  const { form, headers } = await presentProof(proof, clientId, tokenEndpoint, request.algorithms);
  const asked = {
    grant_type: 'authorization_code',
    ...form,
    code: request.code,
    redirect_uri: request.redirectUri,
    code_verifier: request.codeVerifier,
  };
  const answer = await requestToken(fetch, tokenEndpoint, asked, headers, readError);
  return { idToken: textMember(answer, 'id_token'), accessToken: textMember(answer, 'access_token') };
}
