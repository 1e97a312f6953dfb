import type { Policy } from '../conditional-access/policy.ts';
import type { ConsentRequest } from '../consent/consent-request.ts';
import type { Credential } from '../credentials/credential.ts';

/** How a tenant signs people in; as it comes, choosing a person is all there is. */
export type SignInSettings = {
  /** Whether people give their password; without, whoever is chosen is signed in. */
  passwords: boolean;
  /** Whether everybody has to give a second factor, as by security defaults. */
  secondFactor: 'whereRequired' | 'always';
  /**
   * Who consents: `implied`, by signing in; `allowed`, people for what needs no admin; `recommended`, the same without mail
   * and files (Microsoft's managed consent policy of 2025); `denied`, admins only.
   */
  userConsent: 'implied' | 'allowed' | 'recommended' | 'denied';
  /** Whether people who need an admin's consent can ask for it (admin consent workflow). */
  consentRequests: boolean;
  /** Whether "Stay signed in?" is shown. */
  staySignedIn: boolean;
  /** Wrong passwords in a row that lock somebody out, and for how long. */
  lockoutThreshold: number;
  lockoutSeconds: number;
  /** In which form `xms_edov` says yes and no: it comes as true, "1" and 1. */
  edov: 'boolean' | 'text' | 'number';
};

/** What a tenant knows for signing people in. */
export type TenantSignIn = {
  readonly settings: SignInSettings;
  /** By user id; who is missing has his initial one. */
  readonly credentials: Map<string, Credential>;
  /** Conditional Access policies by id. */
  readonly policies: Map<string, Policy>;
  /** What people asked admins to consent to, by id. */
  readonly consentRequests: Map<string, ConsentRequest>;
  /** Terms of use that were accepted: `policy id/user id`. */
  readonly acceptedTerms: Set<string>;
  /** When somebody's sessions were last revoked (tokensValidFrom), by user id; epoch milliseconds. */
  readonly validFrom: Map<string, number>;
};

/** How sign-in is set from the start. */
export function createTenantSignIn(): TenantSignIn {
  return {
    settings: {
      passwords: false,
      secondFactor: 'whereRequired',
      userConsent: 'implied',
      consentRequests: false,
      staySignedIn: false,
      lockoutThreshold: 10,
      lockoutSeconds: 60,
      edov: 'boolean',
    },
    credentials: new Map(),
    policies: new Map(),
    consentRequests: new Map(),
    acceptedTerms: new Set(),
    validFrom: new Map(),
  };
}
