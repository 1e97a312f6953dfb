import type { Asked } from './asked.ts';
import { Problem } from './problem.ts';

/** The body is larger than allowed. */
export class BodyTooLarge extends Error {
  readonly limit: number;
  constructor(limit: number) {
    super(`the body is larger than ${limit} bytes`);
    this.limit = limit;
  }
}

/** Reads a body as UTF-8 text of at most `limit` bytes; stops reading beyond. Throws {@link BodyTooLarge}. */
export async function readText({ headers, body }: Pick<Asked, 'headers' | 'body'>, limit: number): Promise<string> {
  if (Number(headers.get('content-length') ?? 0) > limit) throw new BodyTooLarge(limit);
  if (body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > limit) throw new BodyTooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Reads a JSON body for REST. Throws the problem that names what is wrong with it. */
export async function readJson(request: Request, limit: number): Promise<unknown> {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (type !== 'application/json' && type !== 'application/merge-patch+json') {
    throw new Problem('unsupported-media-type', {
      detail: `the body is ${type === '' ? 'of no stated type' : type}`,
      remedy: 'send application/json',
    });
  }
  const text = await readText(request, limit).catch((error: unknown) => {
    throw error instanceof BodyTooLarge
      ? new Problem('too-large', { detail: error.message, remedy: 'send less, or raise PORTICO_BODY_LIMIT' })
      : error;
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's own message quotes the body, which may hold a secret.
    const at = /at position \d+/.exec(error instanceof Error ? error.message : '')?.[0] ?? 'at its end';
    throw new Problem('malformed-json', {
      detail: `the body is not JSON ${at}`,
      remedy: 'send valid JSON',
    });
  }
}
