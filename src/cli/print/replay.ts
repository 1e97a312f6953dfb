import type { Replay } from '#contract';
import { changesView } from './changes.ts';
import { detailView } from './detail.ts';
import { legible } from './legible.ts';

/** What a recorded request would do now, and how that differs from what it did then. */
export function replayView({ changes, differences, answer, was, ...facts }: Replay): string {
  const compared =
    differences === null
      ? 'The two cannot be compared.'
      : differences.length === 0
        ? 'The answer is the same.'
        : changesView(differences);
  return [
    detailView({ ...facts, 'status then': was.status, 'outcome then': was.outcome }),
    `what it would change\n${changes.length === 0 ? 'nothing' : changesView(changes)}`,
    `what was answered then → would be answered now\n${compared}`,
    `what would be answered\n${legible(answer)}`,
    'Nothing was written.',
  ].join('\n\n');
}
