import { type Answer, fetchAnswer, Unreachable } from './fetch-answer.ts';

/** What a {@link ProviderError} is made of. */
export interface ProviderErrorMembers {
  readonly error: string;
  readonly description?: string;
  readonly claims?: string | undefined;
  readonly httpStatus?: number;
}

/**
 * A refusal by an OpenID provider's authorize, token or userinfo endpoint (RFC 6749 §4.1.2.1 and §5.2). Where no such answer
 * came, `error` is `unreachable` (no HTTP answer) or `unreadable` (an answer of another form).
 */
export class ProviderError extends Error {
  override readonly name: string = 'ProviderError';
  readonly error: string;
  /** The provider's sentence; empty where it said none. */
  readonly description: string;
  /** A claims challenge to send along with the next authorization request. */
  readonly claims: string | undefined;
  /** 0 where no HTTP answer came or the refusal came through the browser. */
  readonly httpStatus: number;

  constructor(members: ProviderErrorMembers, options?: ErrorOptions, message?: string) {
    super(message ?? (members.description ? `${members.error}: ${members.description}` : members.error), options);
    this.error = members.error;
    this.description = members.description ?? '';
    this.claims = members.claims;
    this.httpStatus = members.httpStatus ?? 0;
  }

  /** True where the same request may succeed later: the provider was out of reach, overloaded, or said to try again. */
  get transient(): boolean {
    if (this.error === 'unreachable' || this.error === 'temporarily_unavailable') return true;
    return this.httpStatus === 429 || this.httpStatus >= 500;
  }
}

/** Sends one request to a provider; where no HTTP answer comes, throws a {@link ProviderError} `unreachable`. */
export async function askProvider(fetch: typeof globalThis.fetch, url: string, init?: RequestInit): Promise<Answer> {
  try {
    return await fetchAnswer(fetch, url, init);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    throw new ProviderError({ error: 'unreachable', description: error.message }, { cause: error });
  }
}

/** The error in an answer of a provider; `unreadable` where it is in no such form. */
export function readProviderError({ status, json, text }: Answer): ProviderError {
  const members = new Map<string, unknown>(Object.entries(typeof json === 'object' && json !== null ? json : {}));
  const error = members.get('error');
  if (typeof error !== 'string' || error === '') {
    const start = text.replace(/\s+/g, ' ').trim().slice(0, 120);
    return new ProviderError({
      error: 'unreadable',
      description: `the answer (HTTP ${status}) is no error of OAuth; it begins with "${start}"`,
      httpStatus: status,
    });
  }
  const description = members.get('error_description');
  const claims = members.get('claims');
  return new ProviderError({
    error: error.slice(0, 200),
    description: typeof description === 'string' ? description.slice(0, 1000) : '',
    claims: typeof claims === 'string' ? claims : undefined,
    httpStatus: status,
  });
}

/** The error in the parameters that a provider sent to the redirect URI; undefined where they hold none. */
export function readErrorParameters(parameters: URLSearchParams): ProviderError | undefined {
  const error = parameters.get('error');
  if (error === null) return undefined;
  return new ProviderError({
    error: error.slice(0, 200),
    description: (parameters.get('error_description') ?? '').slice(0, 1000),
  });
}
