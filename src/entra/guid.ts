const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Says whether a text is a GUID in the form Microsoft prints them (8-4-4-4-12 hexadecimal digits, either case). */
export function isGuid(text: string): boolean {
  return guid.test(text);
}
