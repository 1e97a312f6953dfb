/** Reads one word of a page's address; anything else than text is as good as absent. */
export function word(search: Record<string, unknown>, name: string): string | undefined {
  const value = search[name];
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Reads a word that must be one of a list. */
export function oneOf<const Word extends string>(
  search: Record<string, unknown>,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const value = word(search, name);
  return words.find((candidate) => candidate === value);
}

/** Leaves out what is not set, so that addresses stay short. */
export function only<const Search extends Record<string, unknown>>(
  search: Search,
): { [Key in keyof Search]?: Exclude<Search[Key], undefined> } {
  const kept = Object.entries(search).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [Key in keyof Search]?: Exclude<Search[Key], undefined> };
}
