/** The error codes of the token endpoint (RFC 6749 §5.2), and `temporarily_unavailable` for 429 and 503. */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'unsupported_grant_type'
  | 'temporarily_unavailable'
  | 'server_error';

/** A refusal of the token endpoint. `description` is written for the person who configures the provisioning client. */
export class OAuthError extends Error {
  readonly status: number;
  readonly code: OAuthErrorCode;
  readonly description: string;
  /** When to try again, in seconds. */
  readonly retryAfter: number | undefined;

  constructor(status: number, code: OAuthErrorCode, description: string, retryAfter?: number) {
    super(description);
    this.status = status;
    this.code = code;
    this.description = description;
    this.retryAfter = retryAfter;
  }
}
