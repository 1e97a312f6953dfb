import type { EntraWorld } from '#connections';
import type { ConnectionSettings } from '#contract';
import type { Answer, PersonClaims, VerifiedToken } from '#openid';
import { entraUpstream } from './entra-upstream.ts';
import { openidUpstream } from './openid-upstream.ts';

/** What a validated id token holds at least, whoever issued it. */
export type ProvenToken = Omit<VerifiedToken, 'claims'> & {
  readonly claims: VerifiedToken['claims'] & { readonly iss: string; readonly sub: string };
};

/** The provider of a connection as a sign-in needs it: Microsoft Entra, or another one. */
export interface Upstream {
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** Undefined where nobody can be sent there to sign out. */
  readonly endSessionEndpoint: string | undefined;
  /** Algorithms of assertions that the token endpoint takes, where it says so. */
  readonly assertionAlgorithms: readonly string[] | undefined;
  readonly scopes: readonly string[];
  /** The issuer that an answer has to name, where it names one (RFC 9207), and whether it always does. */
  readonly issuer: string | undefined;
  readonly issuerIsSaid: boolean;
  readonly readErrorParameters: ((parameters: URLSearchParams) => Error | undefined) | undefined;
  readonly readTokenError: ((answer: Answer) => Error) | undefined;
  /** Validates an id token, and its tenant by the settings that are allowed now. Throws TokenRefused, ProviderError. */
  readonly validate: (
    token: string,
    expected: { clientId: string; nonce: string; allowed: ConnectionSettings },
  ) => Promise<ProvenToken>;
  /** What the token tells of the person, with what else the provider says. Throws TokenRefused. */
  readonly readPerson: (token: ProvenToken, accessToken: string) => Promise<PersonClaims>;
}

/** The provider of a connection, by its discovery document. Throws DiscoveryError, MetadataError. */
export const upstreamOf = (world: EntraWorld, settings: ConnectionSettings): Promise<Upstream> =>
  settings.provider === 'entra' ? entraUpstream(world, settings) : openidUpstream(world, settings);
