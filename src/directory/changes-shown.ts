import type { RecordedRequestDetail } from '#contract';
import { type Change, difference, parseDocument } from '#scim';

/** The change that a request made. What was created is what was answered, so it is not kept twice. */
export function changesMade(of: {
  method: string;
  kind: string;
  answer: string | null;
  changes: readonly Change[] | undefined;
}): readonly Change[] {
  const { method, kind, answer, changes } = of;
  if (changes !== undefined) return changes;
  if (kind !== 'changed' || method !== 'POST' || answer === null) return [];
  try {
    return difference({}, parseDocument(answer)).filter(({ path }) => path !== 'id');
  } catch {
    return [];
  }
}

/** Changes as the REST API shows them: what was not there is null. */
export const changesShown = (changes: readonly Change[]): RecordedRequestDetail['changes'] =>
  changes.map(({ path, before, after }) => ({ path, before: before ?? null, after: after ?? null }));
