import { askEntra, EntraError, readEntraError } from './entra-error.ts';

/** Members of a successful answer of the token endpoint. */
export type TokenAnswer = ReadonlyMap<string, unknown>;

/**
 * Posts a form to a token endpoint with `client_secret_post`, and without an `Origin`, at which Entra refuses server-side
 * clients (AADSTS9002326). Throws {@link EntraError}.
 */
export async function requestToken(
  fetch: typeof globalThis.fetch,
  tokenEndpoint: string,
  form: Readonly<Record<string, string>>,
): Promise<TokenAnswer> {
  const answer = await askEntra(fetch, tokenEndpoint, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
  if (answer.status !== 200) throw readEntraError(answer);
  if (typeof answer.json !== 'object' || answer.json === null || 'error' in answer.json) throw readEntraError(answer);
  return new Map(Object.entries(answer.json));
}

/** A text member of a token answer; throws an EntraError `unreadable` where it is missing. */
export function textMember(answer: TokenAnswer, name: string): string {
  const value = answer.get(name);
  if (typeof value === 'string' && value !== '') return value;
  throw new EntraError({ error: 'unreadable', description: `the token answer has no ${name}`, httpStatus: 200 });
}

/** Seconds until the token ends; an hour where the answer does not say. */
export function secondsLeft(answer: TokenAnswer): number {
  const seconds = Number(answer.get('expires_in'));
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 3600;
}
