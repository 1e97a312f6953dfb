import type { Filter } from '../filter/filter.ts';
import { isAttributePath, parseFilterIn } from '../filter/parse-filter.ts';
import { type Refuse, tokenize } from '../filter/tokenize.ts';
import { badRequest } from '../scim-error.ts';

/** A path as it was written (RFC 7644 §3.5.2, figure 7): `attribute`, `attribute[filter]` or `attribute[filter].sub`. */
export interface PatchPath {
  /** `name`, `name.familyName`, `urn:…:manager.value`, or the URN of a schema. */
  attribute: string;
  filter?: Filter;
  sub?: string;
}

const MAX_LENGTH = 4_096;

/**
 * Parses the path of a PATCH operation, or a key of its value, which Entra writes in the same form.
 * Throws 400 `invalidPath`, or `invalidFilter` for a fault between the brackets.
 */
export function parsePath(text: string, { strict = false }: { strict?: boolean } = {}): PatchPath {
  if (text.length > MAX_LENGTH) throw badRequest('invalidPath', `path: longer than ${MAX_LENGTH} characters`);
  const bracket = text.indexOf('[');
  const refuse: Refuse = (position, what) => {
    const scimType = bracket >= 0 && position > bracket ? 'invalidFilter' : 'invalidPath';
    return badRequest(scimType, `path ${JSON.stringify(text)}, character ${position + 1}: ${what}`);
  };
  const [attribute, opening, ...rest] = tokenize(text, refuse);
  if (attribute?.kind !== 'word' || !isAttributePath(attribute.text)) {
    throw refuse(attribute?.position ?? 0, 'expected an attribute');
  }
  if (opening === undefined || opening.kind === 'end') return { attribute: attribute.text };
  const closing = rest.findLast(({ kind }) => kind === ']');
  if (opening.kind !== '[') throw refuse(opening.position, 'expected "[" or the end');
  if (closing === undefined) throw badRequest('invalidPath', `path ${JSON.stringify(text)}: the "[" is never closed`);
  const inside = text.slice(opening.position + 1, closing.position);
  const filter = parseFilterIn(inside, `path ${JSON.stringify(text)}, in brackets`, strict);
  const after = text.slice(closing.position + 1).trim();
  if (after === '') return { attribute: attribute.text, filter };
  if (!/^\.[$a-z][\w$-]*$/i.test(after)) {
    throw badRequest('invalidPath', `path ${JSON.stringify(text)}: expected .sub-attribute after "]"`);
  }
  return { attribute: attribute.text, filter, sub: after.slice(1) };
}
