import { ScimError } from '#scim';

/** Where a request goes, below `/scim`. */
export interface Place {
  directoryId: string;
  steps: readonly string[];
  /** Below the Tenant URL, with the query, as it was written. */
  path: string;
  query: URLSearchParams;
}

/** Takes an address apart: `/scim/v2/{directory}/Users/{id}?…`. */
export function readPlace(url: string): Place {
  const from = url.indexOf('/', url.indexOf('//') + 2);
  const target = from < 0 ? '/' : url.slice(from);
  const mark = target.indexOf('?');
  const pathname = mark < 0 ? target : target.slice(0, mark);
  const [, , version, directoryId = '', ...steps] = pathname.replace(/\/+$/, '').split('/');
  if (version !== 'v2' || directoryId === '') {
    throw new ScimError(404, undefined, 'a Tenant URL has the form /scim/v2/{connection}; copy it from the connection');
  }
  // Some clients put the version of the protocol behind any Tenant URL.
  if (steps[0] === 'v2') steps.shift();
  const query = mark < 0 ? '' : target.slice(mark + 1);
  const path = `/${steps.join('/')}${query === '' ? '' : `?${query}`}`;
  return { directoryId, steps: steps.map(decode), path, query: readQuery(query) };
}

/** A plus is a blank only for clients that write blanks so: with `%20` about, it stands for itself, as in a+b@example.com. */
const readQuery = (query: string): URLSearchParams =>
  new URLSearchParams(/%20| /.test(query) ? query.replaceAll('+', '%2B') : query);

/** What cannot be decoded, or no database can store, stays as it is written: there is nothing of that id. */
function decode(step: string): string {
  try {
    const decoded = decodeURIComponent(step);
    return decoded.includes('\0') ? step : decoded.toWellFormed();
  } catch {
    return step;
  }
}
