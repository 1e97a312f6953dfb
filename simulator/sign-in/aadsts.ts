import { randomUUID } from 'node:crypto';
import { toIso } from '../clock.ts';
import { type Answer, type Exchange, header, json } from '../http/exchange.ts';
import { aadstsCodes } from './aadsts-codes.ts';

/** What else an error answer carries. */
export type AadstsDetails = {
  /** OAuth error code, where the usual one of the AADSTS code does not fit. */
  readonly error?: string;
  readonly suberror?: string;
  /** Claims challenge that the client has to pass on to authorize. */
  readonly claims?: string;
  /** Where authorize shows it: on Entra's own page, or back at the app; by the code's habit when left out. */
  readonly place?: 'page' | 'redirect';
};

/** A refusal of the login host, in Entra's words. */
export class AadstsError extends Error {
  readonly code: number;
  readonly error: string;
  readonly suberror: string | undefined;
  readonly claims: string | undefined;
  readonly place: 'page' | 'redirect';

  constructor(code: number, message = aadstsCodes[code] ?? 'The request is refused', details: AadstsDetails = {}) {
    super(message);
    this.code = code;
    this.error = details.error ?? oauthError(code);
    this.suberror = details.suberror;
    this.claims = details.claims;
    this.place = details.place ?? (pageCodes.includes(code) ? 'page' : 'redirect');
  }
}

/** The error members as they go into a body or a redirect. */
export type AadstsEnvelope = {
  readonly error: string;
  readonly error_description: string;
  readonly error_codes: readonly number[];
  readonly timestamp: string;
  readonly trace_id: string;
  readonly correlation_id: string;
  readonly error_uri: string;
  readonly suberror?: string;
  readonly claims?: string;
};

/** Wraps a refusal: trace id, correlation id (the client's own `client-request-id` when it sent one) and time. */
export function toEnvelope(exchange: Exchange, error: AadstsError, now: number): AadstsEnvelope {
  const trace = randomUUID();
  const correlation = correlationOf(exchange);
  const time = toIso(now).replace('T', ' ');
  return {
    error: error.error,
    error_description: `AADSTS${error.code}: ${error.message}. Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${time}`,
    error_codes: [error.code],
    timestamp: time,
    trace_id: trace,
    correlation_id: correlation,
    error_uri: `${exchange.origin}/error?code=${error.code}`,
    ...(error.suberror === undefined ? {} : { suberror: error.suberror }),
    ...(error.claims === undefined ? {} : { claims: error.claims }),
  };
}

/** The client's own `client-request-id`, or a fresh one. */
export function correlationOf(exchange: Exchange): string {
  return header(exchange, 'client-request-id') ?? exchange.url.searchParams.get('client-request-id') ?? randomUUID();
}

/** The JSON answer to a refused request: 401 for a client that failed to authenticate, else 400. */
export function aadstsAnswer(exchange: Exchange, error: AadstsError, now: number): Answer {
  return envelopeAnswer(error, toEnvelope(exchange, error, now));
}

/** The same of an envelope that was made before. It names a page about the error only where Microsoft's answers were seen to. */
export function envelopeAnswer(error: AadstsError, { error_uri: page, ...envelope }: AadstsEnvelope): Answer {
  const status = statuses[error.code] ?? (error.error === 'invalid_client' ? 401 : 400);
  const body = codesWithPage.has(error.code) ? { ...envelope, error_uri: page } : envelope;
  return json(status, body, { 'cache-control': 'no-store' });
}

/** Codes whose captured answers have `error_uri`; those of 65001, 70003 and 700038 have none. */
const codesWithPage: ReadonlySet<number> = new Set([
  50034, 50126, 50173, 53003, 70000, 70011, 70016, 70021, 500011, 500133, 7000215, 7000218, 7000222, 9002326,
]);

const statuses: Readonly<Record<number, number>> = { 90024: 503, 90033: 503, 90006: 503, 90055: 429 };

/** Refusals that end on Entra's own error page, even though the redirect URI is known to be good. */
const pageCodes: readonly number[] = [
  16000, 50020, 50034, 50053, 50055, 50057, 50105, 50128, 50194, 50196, 53000, 53001, 53003, 90027, 500011, 500200,
  500208, 500341, 500571, 530003, 650052, 650056, 700016, 7000112,
];

/**
 * OAuth error codes; what is not here is `invalid_request`. From Microsoft's documents and public captures of answers; the
 * codes of SAML, WS-Federation and on-premises agents never meet an OAuth client.
 */
const oauthErrors: Readonly<Record<string, readonly number[]>> = {
  invalid_client: [
    50012, 50027, 50048, 65005, 70002, 650052, 650053, 650056, 650057, 700024, 700025, 700027, 700030, 700211, 700213,
    700222, 700227, 1000502, 7000214, 7000215, 7000216, 7000218, 7000222, 7000274, 7000277, 7002121, 7002131,
  ],
  unauthorized_client: [70001, 650059, 700011, 700016, 700038, 7000112, 7000229],
  invalid_grant: [
    40009, 40015, 50013, 50014, 50020, 50034, 50053, 50055, 50056, 50057, 50064, 50085, 50089, 50126, 50132, 50133,
    50144, 50148, 50155, 50173, 50196, 51004, 54005, 70000, 70008, 70043, 80012, 90072, 135011, 240002, 500112, 500131,
    500133, 500341, 500571, 501051, 501481, 700003, 700005, 700081, 700082, 700084, 7000012, 7000114,
  ],
  interaction_required: [
    16000, 16001, 16002, 16003, 50005, 50072, 50074, 50076, 50078, 50079, 50097, 50105, 50125, 50127, 50129, 50131,
    50135, 50137, 50140, 50142, 50158, 50187, 50199, 53000, 53001, 53002, 53003, 53004, 53010, 53011, 160021, 530003,
    530004, 530032, 530034, 530035, 700020, 9002341,
  ],
  login_required: [50058],
  access_denied: [50002, 54000, 65004, 90093, 90094, 90095, 500021, 500022, 500121, 500212, 500213, 650051],
  consent_required: [65001],
  unsupported_grant_type: [70003],
  unsupported_response_type: [70005, 700051, 700054],
  invalid_resource: [50001, 500011, 500014],
  invalid_scope: [28002, 28003, 70011, 700022, 700023, 1002012],
  invalid_tenant: [90002, 900021],
  invalid_instance: [50049],
  authorization_pending: [70016],
  expired_token: [70019, 70020],
  bad_verification_code: [70018],
  temporarily_unavailable: [40010, 50033, 50087, 90006, 90012, 90024, 90033, 90055, 90090, 90091],
  server_error: [40008, 50000, 50086, 70012, 90036, 90092],
};

const errorByCode = new Map(
  Object.entries(oauthErrors).flatMap(([error, codes]) => codes.map((code): [number, string] => [code, error])),
);

function oauthError(code: number): string {
  return errorByCode.get(code) ?? 'invalid_request';
}
