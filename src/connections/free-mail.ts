import { createRequire } from 'node:module';

let known: ReadonlySet<string> | undefined;

/** Whether a domain gives e-mail addresses to everybody. The list is loaded when first asked. */
export function isFreeMail(domain: string): boolean {
  known ??= new Set<string>(createRequire(import.meta.url)('email-providers/all.json'));
  return known.has(domain.toLowerCase());
}
