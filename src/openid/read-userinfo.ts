import { askProvider, ProviderError, readProviderError } from './provider-error.ts';
import { TokenRefused } from './token-refused.ts';

/**
 * Asks the userinfo endpoint about the person of an id token (OpenID Connect Core §5.3): its subject must be the same (§5.3.2),
 * or the answer could be about somebody else. Throws {@link ProviderError}, {@link TokenRefused}.
 */
export async function readUserinfo(request: {
  readonly userinfoEndpoint: string;
  readonly accessToken: string;
  readonly subject: string;
  readonly fetch: typeof globalThis.fetch;
}): Promise<Readonly<Record<string, unknown>>> {
  const answer = await askProvider(request.fetch, request.userinfoEndpoint, {
    headers: { accept: 'application/json', authorization: `Bearer ${request.accessToken}` },
  });
  if (answer.status !== 200) throw readProviderError(answer);
  if (typeof answer.json !== 'object' || answer.json === null || Array.isArray(answer.json)) {
    throw new ProviderError({
      error: 'unreadable',
      description: 'the userinfo endpoint did not answer with a JSON object',
      httpStatus: 200,
    });
  }
  const claims = Object.fromEntries(Object.entries(answer.json));
  if (claims['sub'] !== request.subject) {
    throw new TokenRefused('subject', 'the userinfo endpoint tells of another subject than the id token.');
  }
  return claims;
}
