/** Why an id token was refused; stable, for events and tests. */
export type TokenRefusal =
  | 'malformed'
  | 'algorithm'
  | 'unknownKey'
  | 'signature'
  | 'audience'
  | 'expired'
  | 'notYetValid'
  | 'version'
  | 'tenant'
  | 'issuer'
  | 'keyIssuer'
  | 'tenantNotAllowed'
  | 'nonce'
  | 'hash'
  | 'tooOld'
  | 'subject';

/** An id token that was not accepted. `message` is a sentence for the admin, without anything secret. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
  readonly code: TokenRefusal;

  constructor(code: TokenRefusal, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
