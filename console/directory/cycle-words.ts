import type { Cycle } from '#contract';

/** What a cycle was, in words. */
export const cycleKindWords: Readonly<Record<Cycle['kind'], string>> = {
  test: 'Connection test',
  initial: 'Initial cycle',
  incremental: 'Incremental cycle',
  single: 'About one user or group',
};

/** What a cycle did, in a sentence: only what there was of. */
export function cycleWords({ created, updated, disabled, deleted, unchanged }: Cycle): string {
  const parts = Object.entries({ created, updated, disabled, deleted })
    .filter(([, number]) => number > 0)
    .map(([word, number]) => `${number.toLocaleString('en')} ${word}`);
  if (parts.length > 0) return sentence(parts.join(', '));
  return unchanged > 0 ? `${unchanged.toLocaleString('en')} unchanged` : 'Nothing changed';
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
