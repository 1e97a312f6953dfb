/**
 * Every problem that REST can answer (RFC 9457), by the last part of its `type`. One table: the encoder, the OpenAPI
 * document and the docs come from it.
 */
export const problems = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'malformed-json': { status: 400, title: 'The body is not valid JSON' },
  'not-authenticated': { status: 401, title: 'Not signed in, or the key is not valid' },
  'missing-right': { status: 403, title: 'A right is missing' },
  'cross-site': { status: 403, title: 'The request did not come from the console' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'This address does not take that method' },
  conflict: { status: 409, title: 'It conflicts with what is there' },
  'wrong-state': { status: 409, title: 'Not possible in the present state' },
  'version-changed': { status: 412, title: 'It was changed meanwhile' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The content type is not supported' },
  'refused-by-entra': { status: 422, title: 'Microsoft Entra refused' },
  'refused-by-provider': { status: 422, title: 'The OpenID provider refused' },
  'key-reused': { status: 422, title: 'The Idempotency-Key was used for another request' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something failed here' },
  'upstream-unreachable': { status: 502, title: 'Another server could not be reached' },
  unavailable: { status: 503, title: 'Not available at the moment' },
} as const satisfies Record<string, { status: number; title: string }>;

/** The name of a problem: the last part of its `type`. */
export type ProblemName = keyof typeof problems;

/** `type` of a problem document. */
export const problemType = (name: ProblemName): string => `urn:portico:problem:${name}`;
