/** A body for people: JSON on lines of its own; what is no JSON, since it was cut, as it is. */
export function legible(body: string | null): string {
  if (body === null) return 'no body';
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
