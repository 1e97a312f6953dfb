import { randomUUID } from 'node:crypto';
import { toIso } from '../clock.ts';
import { CodedError } from '../http/coded-error.ts';
import { type Answer, type Exchange, header, json } from '../http/exchange.ts';

/** A refusal in the words of Microsoft Graph. */
export class GraphError extends CodedError {
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(status, code, message);
    this.headers = headers;
  }
}

/** The answer to a refused request. */
export function graphRefusal(exchange: Exchange, error: GraphError, now: number): Answer {
  const ids = requestIds(exchange);
  const innerError = { date: toIso(now).slice(0, 19), ...ids };
  return json(
    error.status,
    { error: { code: error.code, message: error.message, innerError } },
    { ...ids, ...error.headers },
  );
}

/** The ids every Graph answer carries; the client's own one comes back. */
export function requestIds(exchange: Exchange): Record<'request-id' | 'client-request-id', string> {
  const id = randomUUID();
  return { 'request-id': id, 'client-request-id': header(exchange, 'client-request-id') ?? id };
}

/** The resource is not there (captured: Request_ResourceNotFound). */
export function noSuchResource(id: string): GraphError {
  return new GraphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

/** Graph's refusal of a value. */
export const badRequest = (message: string): GraphError => new GraphError(400, 'Request_BadRequest', message);

/** Another object has that name or key already: 409. */
export const conflict = (message: string): GraphError =>
  new GraphError(409, 'Request_MultipleObjectsWithSameKeyValue', message);
