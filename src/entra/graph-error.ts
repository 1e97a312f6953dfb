import type { Answer } from '#openid';

/** A refusal by Microsoft Graph, or no answer from it; `message` is Graph's sentence, `remedy` says what to do. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  /** HTTP status; 0 where no answer came. */
  readonly status: number;
  /** Graph's code, e.g. `ErrorAccessDenied`; `unreachable`, `unreadable` or `foreignLink` where it is not Graph's. */
  readonly code: string;
  /** Microsoft's id of the request, to be named to its support. */
  readonly requestId: string | undefined;
  /** How long Graph asks to wait (it may send fractions of a second); undefined where it does not say. */
  readonly retryAfterMs: number | undefined;
  /** What to do about it; undefined where the code is not known. */
  readonly remedy: string | undefined;

  constructor(
    members: {
      readonly status: number;
      readonly code: string;
      readonly message: string;
      readonly requestId?: string | undefined;
      readonly retryAfterMs?: number | undefined;
    },
    options?: ErrorOptions,
  ) {
    super(members.message, options);
    this.status = members.status;
    this.code = members.code;
    this.requestId = members.requestId;
    this.retryAfterMs = members.retryAfterMs;
    this.remedy = remedyOf(members.status, members.code);
  }

  /** True where Graph may have carried the request out although it did not say so: the answer was lost or a 5xx. */
  get uncertain(): boolean {
    return this.code === 'unreachable' || this.status >= 500;
  }

  /** True where the same request may succeed later. */
  get transient(): boolean {
    return this.uncertain || this.status === 429;
  }
}

/** The error in an answer of Graph that is not a success. */
export function readGraphError(answer: Answer, now: number): GraphError {
  const error = member(answer.json, 'error');
  const code = member(error, 'code');
  const message = member(error, 'message');
  const inner = member(error, 'innerError') ?? member(error, 'innererror');
  const requestId = answer.headers.get('request-id') ?? member(inner, 'request-id');
  return new GraphError({
    status: answer.status,
    code: typeof code === 'string' && code !== '' ? code : 'unreadable',
    message: typeof message === 'string' && message !== '' ? message : `Graph answered HTTP ${answer.status}`,
    requestId: typeof requestId === 'string' ? requestId : undefined,
    retryAfterMs: readRetryAfter(answer.headers.get('retry-after'), now),
  });
}

/** Milliseconds of a `Retry-After`: seconds, also fractional ("2.128", Graph throttling.md), or an HTTP date. */
export function readRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null || value.trim() === '') return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, Math.ceil(seconds * 1000));
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

const remedies: readonly { readonly status?: number; readonly code: RegExp; readonly remedy: string }[] = [
  {
    status: 403,
    code: /^ErrorSendAsDenied$/,
    remedy: "The sender is not this mailbox. Set From to the mailbox's own address, or grant SendAs.",
  },
  {
    status: 403,
    code: /^(Authorization_RequestDenied|AccessDenied)$/,
    remedy: "The token lacks a permission. Compare the app's granted permissions with those needed and grant consent.",
  },
  {
    status: 403,
    code: /./,
    remedy:
      'No consent, the mailbox is outside the agreed scope, or a change has not spread yet: Microsoft caches rights up to 2 hours. Wait after a change; else check the API permissions and the Exchange role.',
  },
  {
    status: 404,
    code: /^MailboxNotEnabledForRESTAPI$/,
    remedy:
      'This mailbox is not in Exchange Online: no licence, on-premises (hybrid), a guest, or deleted. Name a licensed cloud mailbox.',
  },
  {
    status: 404,
    code: /^(ErrorInvalidUser|ResourceNotFound|Request_ResourceNotFound)$/,
    remedy: 'No such address in this tenant. Compare user principal name and mail address, and check the tenant.',
  },
  {
    status: 401,
    code: /./,
    remedy:
      "The token is for another audience, cloud or time. Ask for Graph's /.default in the tenant's own cloud, and check the clock.",
  },
  { status: 429, code: /./, remedy: "Graph's limits are reached. It goes on by itself after the time Graph asks for." },
  { code: /^ErrorMessageSizeExceeded$/, remedy: 'The message is too large for this mailbox or for one request.' },
  { status: 413, code: /./, remedy: 'The message is too large for this mailbox or for one request.' },
];

function remedyOf(status: number, code: string): string | undefined {
  const fits = remedies.find((row) => (row.status === undefined || row.status === status) && row.code.test(code));
  return fits?.remedy;
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return new Map<string, unknown>(Object.entries(value)).get(name);
}
