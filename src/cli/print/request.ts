import { styleText } from 'node:util';
import type { RecordedRequestDetail } from '#contract';
import { changesView } from './changes.ts';
import { detailView } from './detail.ts';
import { legible } from './legible.ts';

/** A recorded request: what came of it, then the change as before → after, then both bodies. */
export function requestView({ changes, request, answer, ...facts }: RecordedRequestDetail): string {
  return [
    detailView(facts),
    part('what it changed', changes.length === 0 ? 'nothing' : changesView(changes)),
    part('what was sent', legible(request)),
    part('what was answered', legible(answer)),
  ].join('\n\n');
}

const part = (title: string, text: string): string => `${styleText('bold', title)}\n${text}`;
