import { oneOf, only, word } from '../shell/search-words.ts';

/** The outcomes, methods and statuses that the log can be narrowed to. */
export const askedOutcomes = ['refused', 'changed', 'unchanged', 'read'] as const;
export const askedMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export const askedStatuses = [
  '200',
  '201',
  '204',
  '400',
  '403',
  '404',
  '409',
  '412',
  '413',
  '429',
  '500',
  '503',
] as const;

const timeIn = (search: Record<string, unknown>, name: string): string | undefined => {
  const written = word(search, name);
  return written === undefined || Number.isNaN(Date.parse(written)) ? undefined : new Date(written).toISOString();
};

/** What the address of the log narrows it to. */
export const requestSearch = (search: Record<string, unknown>) =>
  only({
    about: word(search, 'about'),
    resource: word(search, 'resource'),
    outcome: oneOf(search, 'outcome', askedOutcomes),
    method: oneOf(search, 'method', askedMethods),
    status: oneOf(search, 'status', askedStatuses),
    from: timeIn(search, 'from'),
    to: timeIn(search, 'to'),
  });
