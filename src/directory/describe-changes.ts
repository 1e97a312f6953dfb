import type { Change } from '#scim';

const mostChanges = 50;
const mostText = 1000;

/** A change as a sentence: what became of whom, and which attributes. */
export function describeChanges(whom: string, wasActive: number, isActive: number, changes: readonly Change[]): string {
  const switched = wasActive === isActive ? undefined : isActive === 1 ? 'Switched on' : 'Switched off';
  const paths = changes.filter(({ path }) => path !== 'active' || switched === undefined).map(({ path }) => path);
  const listed = paths.length > 8 ? `${paths.slice(0, 8).join(', ')} and ${paths.length - 8} more` : paths.join(', ');
  if (switched === undefined) return `Changed ${listed} of ${whom}.`;
  return paths.length === 0 ? `${switched} ${whom}.` : `${switched} ${whom} and changed ${listed}.`;
}

/** The changes that an event tells: so many, and none so long, that a webhook stays small. */
export function eventChanges(changes: readonly Change[]): Change[] {
  const short = (value: Change['before']): boolean => JSON.stringify(value ?? null).length <= mostText;
  return changes.slice(0, mostChanges).map(({ path, before, after }) => ({
    path,
    ...(before !== undefined && short(before) ? { before } : {}),
    ...(after !== undefined && short(after) ? { after } : {}),
  }));
}
