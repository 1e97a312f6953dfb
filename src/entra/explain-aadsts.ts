import type { AadstsRow, AadstsSource } from './aadsts-table.ts';

/** One AADSTS code in plain words. */
export interface AadstsEntry {
  /** E.g. `AADSTS50020`. */
  readonly code: string;
  /** Microsoft's name, or a description in brackets where it gives none. */
  readonly name: string;
  readonly cause: string;
  /** What the tenant's admin can do. */
  readonly action: string;
  readonly source: AadstsSource;
}

/** A known code explained; or an unknown one, with the known codes that differ from it by one slip of the finger. */
export type AadstsExplanation =
  | ({ readonly known: true; readonly adminLink: string } & AadstsEntry)
  | {
      readonly known: false;
      readonly code: string;
      readonly nearest: readonly AadstsEntry[];
      readonly adminLink: string;
    };

/**
 * Explains the first AADSTS code in a text: `50020`, `AADSTS50020`, or a whole pasted error message.
 * Undefined where the text holds no code. The table is loaded when first asked for.
 */
export async function explainAadsts(text: string | number): Promise<AadstsExplanation | undefined> {
  const number = readAadstsCode(String(text));
  if (number === undefined) return undefined;
  const { aadstsTable } = await import('./aadsts-table.ts');
  const link = adminLink(number);
  const row = aadstsTable.find(([known]) => known === number);
  if (row) return { known: true, ...entryOf(row), adminLink: link };
  const nearest = aadstsTable.filter(([known]) => isOneSlipAway(String(known), String(number))).map(entryOf);
  return { known: false, code: `AADSTS${number}`, nearest, adminLink: link };
}

/** Every code in the table, ascending: for the reference pages and the command line. */
export async function listAadsts(): Promise<readonly AadstsEntry[]> {
  const { aadstsTable } = await import('./aadsts-table.ts');
  return aadstsTable.map(entryOf);
}

/** Microsoft's page about a code, for admins. */
export function adminLink(code: number): string {
  return `https://login.microsoftonline.com/error?code=${code}`;
}

/** The number of the first AADSTS code in a text; a bare number counts only where it is the whole text. */
function readAadstsCode(text: string): number | undefined {
  const digits = /AADSTS\s?(\d{4,8})(?!\d)/i.exec(text)?.[1] ?? /^\s*(\d{4,8})\s*$/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function entryOf([number, name, cause, action, source]: AadstsRow): AadstsEntry {
  return { code: `AADSTS${number}`, name, cause, action, source };
}

/** One digit wrong, missing, too many, or two neighbours swapped. */
function isOneSlipAway(known: string, typed: string): boolean {
  if (Math.abs(known.length - typed.length) > 1) return false;
  let from = 0;
  while (from < known.length && known[from] === typed[from]) from += 1;
  const [knownRest, typedRest] = [known.slice(from), typed.slice(from)];
  if (knownRest.slice(1) === typedRest.slice(1)) return true;
  if (knownRest === typedRest.slice(1) || knownRest.slice(1) === typedRest) return true;
  const swapped = `${knownRest[1] ?? ''}${knownRest[0] ?? ''}${knownRest.slice(2)}`;
  return knownRest.length > 1 && swapped === typedRest;
}
