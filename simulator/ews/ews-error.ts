/** A refusal of one item, in a response message; the rest of the request goes on. */
export class EwsError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A refusal of the whole request, as a SOAP fault. */
export class EwsFault extends EwsError {}

/** A refusal before SOAP begins. */
export class EwsHttpRefusal extends Error {
  readonly status: 401 | 403;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: 401 | 403, headers: Readonly<Record<string, string>> = {}) {
    super(`HTTP ${status}`);
    this.status = status;
    this.headers = headers;
  }
}

/** What was asked for is not in the mailbox. */
export const itemNotFound = (): EwsError =>
  new EwsError('ErrorItemNotFound', 'The specified object was not found in the store.');
