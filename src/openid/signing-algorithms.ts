/**
 * The algorithms (RFC 7518 §3.1, RFC 8037 §3.1) by which a provider may sign, with the keys they take and the hash of
 * `c_hash` and `at_hash`. Never `none`, never one with a shared key.
 */
export const signingAlgorithms = {
  RS256: { kty: 'RSA', crv: undefined, needs: ['n', 'e'], hash: 'sha256' },
  PS256: { kty: 'RSA', crv: undefined, needs: ['n', 'e'], hash: 'sha256' },
  ES256: { kty: 'EC', crv: 'P-256', needs: ['x', 'y'], hash: 'sha256' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', needs: ['x'], hash: 'sha512' },
} as const;

/** One of them. */
export type SigningAlgorithm = keyof typeof signingAlgorithms;

/** The algorithm of that name; undefined for one that is not taken. Ed25519 is RFC 9864's name for what was EdDSA. */
export function signingAlgorithmOf(name: unknown): SigningAlgorithm | undefined {
  const known = name === 'Ed25519' ? 'EdDSA' : name;
  return typeof known === 'string' && Object.hasOwn(signingAlgorithms, known) ? (known as SigningAlgorithm) : undefined;
}
