import type { Answer } from './fetch-answer.ts';
import { askProvider, ProviderError, readProviderError } from './provider-error.ts';

/** Members of a successful answer of the token endpoint. */
export type TokenAnswer = ReadonlyMap<string, unknown>;

/**
 * Posts a form to a token endpoint, without an `Origin`, at which Entra refuses server-side clients (AADSTS9002326). Throws
 * {@link ProviderError}, or what `readError` makes of a refusal.
 */
export async function requestToken(
  fetch: typeof globalThis.fetch,
  tokenEndpoint: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
  readError: (answer: Answer) => Error = readProviderError,
): Promise<TokenAnswer> {
  const answer = await askProvider(fetch, tokenEndpoint, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(form).toString(),
  });
  if (answer.status !== 200) throw readError(answer);
  if (typeof answer.json !== 'object' || answer.json === null || 'error' in answer.json) throw readError(answer);
  return new Map(Object.entries(answer.json));
}

/** A text member of a token answer; throws a ProviderError `unreadable` where it is missing. */
export function textMember(answer: TokenAnswer, name: string): string {
  const value = answer.get(name);
  if (typeof value === 'string' && value !== '') return value;
  throw new ProviderError({ error: 'unreadable', description: `the token answer has no ${name}`, httpStatus: 200 });
}

/** Seconds until the token ends; an hour where the answer does not say. */
export function secondsLeft(answer: TokenAnswer): number {
  const seconds = Number(answer.get('expires_in'));
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 3600;
}
