import { DiscoveryError, EntraError } from '#entra';
import { MetadataError, ProviderError, TokenRefused } from '#openid';
import { type RefusalReason, wordsOf } from './refusals.ts';
import { reasonOfCode } from './refusals-of-entra.ts';

/** A sign-in that was refused: thrown by whoever finds out, turned into a page and an event at the door. */
export class SignInRefused extends Error {
  override readonly name = 'SignInRefused';
  readonly reason: RefusalReason;
  /** Microsoft's own words, where it was Microsoft who refused. */
  readonly entra: EntraError | undefined;
  /** A sentence for the admin that tells more than the reason. */
  readonly detail: string | undefined;
  /** What an operator wants the person to be told. */
  readonly toPerson: string | undefined;
  /** Whose sign-in it was, where that was known by then. */
  readonly accountId: string | undefined;

  constructor(
    reason: RefusalReason,
    about: {
      entra?: EntraError;
      detail?: string;
      accountId?: string | undefined;
      toPerson?: string | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(about.detail ?? wordsOf(reason).what, { cause: about.cause ?? about.entra });
    this.reason = reason;
    this.entra = about.entra;
    this.detail = about.detail;
    this.accountId = about.accountId;
    this.toPerson = about.toPerson;
  }
}

const byError: Readonly<Record<string, RefusalReason>> = {
  access_denied: 'cancelled',
  consent_required: 'consent_missing',
  invalid_state: 'state_unknown',
  invalid_issuer: 'token',
  invalid_client: 'secret_wrong',
};

/** What went wrong on the way to the provider and back, as a refusal; anything else is passed on as it is. */
export function refusalOf(error: unknown): unknown {
  if (error instanceof EntraError) {
    const [code] = error.codes;
    const known =
      (code === undefined ? undefined : reasonOfCode(code)) ?? (code === undefined ? byError[error.error] : undefined);
    return new SignInRefused(known ?? (error.transient ? 'unreachable' : 'entra'), { entra: error });
  }
  if (error instanceof ProviderError) {
    const detail = error.message;
    const known = byError[error.error] ?? (error.transient ? 'provider_unreachable' : 'provider');
    return new SignInRefused(known, { detail, cause: error });
  }
  if (error instanceof TokenRefused) {
    const detail = error.message;
    if (error.code === 'tenantNotAllowed') return new SignInRefused('wrong_tenant', { detail, cause: error });
    if (error.code === 'nonce') return new SignInRefused('nonce', { detail, cause: error });
    if (error.code === 'tooOld') return new SignInRefused('too_old', { detail, cause: error });
    if (error.code === 'expired' || error.code === 'notYetValid')
      return new SignInRefused('clock', { detail, cause: error });
    return new SignInRefused('token', { detail: `${error.code}: ${detail}`, cause: error });
  }
  if (error instanceof MetadataError) {
    return new SignInRefused('provider_unreachable', { detail: error.message, cause: error });
  }
  if (error instanceof DiscoveryError) {
    return new SignInRefused('unreachable', { detail: error.message, cause: error });
  }
  return error;
}

/**
 * The claims challenge by which Microsoft Entra refused a sign-in, where the person has not been sent back with one yet: more
 * than once would go round in circles.
 */
export const challengeOf = (
  { asked }: { asked: { challenge?: string | undefined } },
  { entra }: SignInRefused,
): string | undefined => (asked.challenge === undefined ? entra?.claims : undefined);
