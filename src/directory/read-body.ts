import { type Asked, BodyTooLarge, readText } from '#http';
import { type JsonValue, ScimError } from '#scim';
import type { World } from '#store';

const types: ReadonlySet<string> = new Set(['application/scim+json', 'application/json']);

/** Reads the body of a change: SCIM's JSON, or plain JSON as Okta sends it. Throws 413, 415, and 400 `invalidSyntax`. */
export async function readBody(
  world: World,
  request: Pick<Asked, 'headers' | 'body'>,
): Promise<{ text: string; json: JsonValue }> {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!types.has(type)) {
    const what = type === '' ? 'has no content type' : `is ${type.slice(0, 80)}`;
    throw new ScimError(415, undefined, `the body ${what}; send application/scim+json`);
  }
  const text = await readText(request, world.config.bodyLimit).catch((error: unknown) => {
    throw error instanceof BodyTooLarge
      ? new ScimError(413, undefined, `the body exceeds the maxPayloadSize (${error.limit}); send less at a time`)
      : error;
  });
  if (text.trim() === '') throw new ScimError(400, 'invalidSyntax', 'the request has no body; send a JSON object');
  try {
    return { text, json: JSON.parse(text) };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it cannot be read';
    throw new ScimError(400, 'invalidSyntax', `the body is not valid JSON: ${why}`);
  }
}
