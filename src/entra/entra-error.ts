import { type Answer, askProvider, ProviderError } from '#openid';

/**
 * A refusal by Entra's authorize or token endpoint, read tolerantly: every member but `error` may be missing.
 * Branch on `error` and `suberror`; the AADSTS codes are for people (entra-docs reference-error-codes.md).
 * Its `description` is Entra's sentence without code, trace id and time.
 */
export class EntraError extends ProviderError {
  override readonly name = 'EntraError';
  readonly suberror: string | undefined;
  /** AADSTS numbers, the leading one first; empty where Entra named none. */
  readonly codes: readonly number[];
  readonly traceId: string | undefined;
  readonly correlationId: string | undefined;
  /** As Entra wrote it, e.g. `2026-08-13 09:12:33Z`. */
  readonly timestamp: string | undefined;
  readonly errorUri: string | undefined;

  constructor(members: EntraErrorMembers, options?: ErrorOptions) {
    super(members, options, errorMessage(members));
    this.suberror = members.suberror;
    this.codes = members.codes ?? [];
    this.traceId = members.traceId;
    this.correlationId = members.correlationId;
    this.timestamp = members.timestamp;
    this.errorUri = members.errorUri;
  }
}

/** What an {@link EntraError} is made of. */
export interface EntraErrorMembers {
  readonly error: string;
  readonly suberror?: string | undefined;
  readonly codes?: readonly number[];
  readonly description?: string;
  readonly traceId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly timestamp?: string | undefined;
  readonly claims?: string | undefined;
  readonly errorUri?: string | undefined;
  readonly httpStatus?: number;
}

/** The error in an answer of the token or discovery endpoint; `unreadable` where it is not in Entra's form. */
export function readEntraError(answer: Answer): EntraError {
  const body = answer.json;
  if (typeof body !== 'object' || body === null || !('error' in body) || typeof body.error !== 'string') {
    const start = answer.text.replace(/\s+/g, ' ').trim().slice(0, 120);
    return new EntraError({
      error: 'unreadable',
      description: `the answer (HTTP ${answer.status}) is not Entra's; it begins with "${start}". A proxy or a wrong address may be in between.`,
      httpStatus: answer.status,
    });
  }
  const members = new Map<string, unknown>(Object.entries(body));
  const codes = members.get('error_codes');
  return fromMembers((name) => textOf(members.get(name)), Array.isArray(codes) ? codes : [], answer.status);
}

/** The error in the parameters that Entra sent to the redirect URI; undefined where they hold none. */
export function readAuthorizationError(parameters: URLSearchParams): EntraError | undefined {
  if (!parameters.has('error')) return undefined;
  return fromMembers((name) => parameters.get(name) ?? undefined, [], 0);
}

/** Sends one request to Entra; where no HTTP answer comes, throws an EntraError `unreachable`. */
export function askEntra(fetch: typeof globalThis.fetch, url: string, init?: RequestInit): Promise<Answer> {
  return askProvider(fetch, url, init).catch(asEntraError);
}

/** Throws what went wrong on the way to Entra as an {@link EntraError}; anything else as it is. */
export function asEntraError(error: unknown): never {
  if (error instanceof EntraError || !(error instanceof ProviderError)) throw error;
  const { description, httpStatus } = error;
  throw new EntraError({ error: error.error, description, httpStatus }, { cause: error.cause ?? error });
}

function fromMembers(
  member: (name: string) => string | undefined,
  listed: readonly unknown[],
  httpStatus: number,
): EntraError {
  const text = member('error_description') ?? '';
  const inText = [...text.matchAll(/AADSTS(\d{4,8})\b/g)].map((match) => Number(match[1]));
  const codes = [...new Set([...inText.slice(0, 1), ...listed.map(Number).filter(Number.isSafeInteger), ...inText])];
  return new EntraError({
    error: member('error') ?? 'unreadable',
    suberror: member('suberror'),
    codes,
    description: sentenceOf(text),
    traceId: member('trace_id') ?? /Trace ID:\s*([0-9a-f-]{36})/i.exec(text)?.[1],
    correlationId: member('correlation_id') ?? /Correlation ID:\s*([0-9a-f-]{36})/i.exec(text)?.[1],
    timestamp: member('timestamp') ?? /Timestamp:\s*(\d{4}-\d\d-\d\d[ T][\d:.]+Z?)/i.exec(text)?.[1],
    claims: member('claims'),
    errorUri: member('error_uri'),
    httpStatus,
  });
}

function sentenceOf(text: string): string {
  const end = text.search(/\s*Trace ID:/i);
  return (end < 0 ? text : text.slice(0, end))
    .replace(/^\s*AADSTS\d+:\s*/, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined;
}

function errorMessage({ error, codes, description, correlationId }: EntraErrorMembers): string {
  const code = codes?.[0] === undefined ? error : `AADSTS${codes[0]}`;
  const trail = correlationId ? ` (correlation id ${correlationId})` : '';
  return `${code}: ${description || error}${trail}`;
}
