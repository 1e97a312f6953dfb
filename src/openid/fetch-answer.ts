const timeoutMs = 15_000;
const maxBytes = 1_048_576;

/** An HTTP answer read to its end. `json` is undefined where the body is not JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

/** No HTTP answer came: a name that does not resolve, a refused connection, a bad certificate, a timeout. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
  /** The system's word, e.g. `ENOTFOUND`, `ECONNREFUSED`, `CERT_HAS_EXPIRED`, `TIMEOUT`. */
  readonly code: string;

  constructor(url: string, cause: unknown) {
    const code = failureCode(cause);
    super(`${new URL(url).host} did not answer: ${failureSentence(code)} (${code})`, { cause });
    this.code = code;
  }
}

/** Sends one request and reads at most `maxBytes` of the answer (1 MiB unless told); redirects are not followed. Throws {@link Unreachable}. */
export async function fetchAnswer(
  fetch: typeof globalThis.fetch,
  url: string,
  init: RequestInit = {},
  limits: { readonly timeoutMs?: number; readonly maxBytes?: number } = {},
): Promise<Answer> {
  try {
    const signal = AbortSignal.timeout(limits.timeoutMs ?? timeoutMs);
    const response = await fetch(url, { ...init, redirect: 'manual', signal });
    const text = await readText(response, limits.maxBytes ?? maxBytes);
    return { status: response.status, headers: response.headers, text, json: parseJson(text) };
  } catch (error) {
    throw new Unreachable(url, error);
  }
}

async function readText(response: Response, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) throw Object.assign(new Error(`answer longer than ${limit} bytes`), { code: 'TOO_LONG' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failureCode(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at.name === 'TimeoutError' || at.name === 'AbortError') return 'TIMEOUT';
    if ('code' in at && typeof at.code === 'string' && at.code !== '') return at.code;
  }
  return 'NETWORK';
}

function failureSentence(code: string): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'its name could not be resolved; check DNS and the address';
  if (code === 'ECONNREFUSED') return 'it refused the connection; check host, port and firewall';
  if (code === 'TIMEOUT' || code.includes('TIMEOUT')) return 'it took too long; check proxy and firewall';
  if (code === 'INWARD_ADDRESS')
    return 'it leads to an address inside; set PORTICO_ALLOW_PRIVATE_ADDRESSES=true where that is wanted';
  if (code === 'TOO_LONG') return 'its answer was too long to be what was asked for';
  if (/CERT|TLS|SSL|SELF_SIGNED/.test(code)) return 'its TLS certificate was not accepted; a proxy may be in between';
  return 'the connection failed';
}
