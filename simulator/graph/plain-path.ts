/**
 * One form for the ways in which Graph paths are written: `users('anna')`, `users(userPrincipalName='anna')` and `users/anna` are the
 * same, so are `delta()` and `delta`, `microsoft.graph.delta` and `delta`; `myorganization` in front means nothing.
 */
export function plainPath(segments: readonly string[]): string[] {
  const pieces = segments.flatMap((segment) => {
    const keyed = /^([A-Za-z.]+)\((.*)\)$/s.exec(segment);
    if (keyed === null) return [segment];
    const [, name = '', key = ''] = keyed;
    return key === '' ? [name] : [name, unquote(key)];
  });
  const named = pieces.map((piece) => piece.replace(/^microsoft\.graph\.(?=[a-z])/i, ''));
  return named[0]?.toLowerCase() === 'myorganization' ? named.slice(1) : named;
}

/** Quotes inside a quoted key are doubled; `appId='…'` keeps its name, `id='…'` and `userPrincipalName='…'` need none. */
function unquote(key: string): string {
  const bare = key.replace(/^(id|userPrincipalName)=(?=')/i, '');
  return /^'.*'$/s.test(bare) ? bare.slice(1, -1).replaceAll("''", "'") : bare;
}
