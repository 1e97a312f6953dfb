import { styleText } from 'node:util';
import type { RecordedRequestDetail } from '#contract';
import { changesView } from './changes.ts';
import { detailView } from './detail.ts';

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

/** A body for people: JSON on lines of its own; what is no JSON, since it was cut, as it is. */
function legible(body: string | null): string {
  if (body === null) return 'no body';
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
