import type { Account, Page } from '#contract';
import { Problem } from '#http';
import { toPage, type World } from '#store';
import { listAccounts, listAccountsByDisabled } from '../queries/account.ts';
import { findAccountsByEmail, findAccountsByName, findAccountsByUserName } from '../queries/find-accounts.ts';
import { toAccount } from './account.ts';
import { foldUserName } from './user-name.ts';

/** How names and addresses are compared where one searches. */
export const foldText = (text: string): string => text.normalize('NFKC').toLowerCase();

/** What a list of accounts is asked for. */
export interface AccountsQuery {
  cursor?: string | undefined;
  limit: number;
  /** What user name, name or e-mail address begins with. */
  search?: string | undefined;
  state?: 'enabled' | 'disabled' | undefined;
}

/** A page of an organization's accounts; those searched for by user name first, then by name, then by address. */
export async function pageOfAccounts(
  world: World,
  organizationId: string,
  { cursor, limit, search, state }: AccountsQuery,
): Promise<Page<Account>> {
  const disabled = state === undefined ? undefined : state === 'disabled' ? 1 : 0;
  if (search !== undefined) return pageOfFound(world, organizationId, search, disabled, cursor, limit);
  const asked = { organizationId, after: cursor ?? '', limit: limit + 1 };
  const rows =
    disabled === undefined
      ? await world.store.read(listAccounts, asked)
      : await world.store.read(listAccountsByDisabled, { ...asked, disabled });
  return toPage(rows, limit, toAccount, (row) => row.id);
}

const ways = [
  { find: findAccountsByUserName, fold: foldUserName },
  { find: findAccountsByName, fold: foldText },
  { find: findAccountsByEmail, fold: foldText },
] as const;

/** Goes through the ways to find somebody, one after the other; the cursor tells how far it came. */
async function pageOfFound(
  world: World,
  organizationId: string,
  search: string,
  disabled: number | undefined,
  cursor: string | undefined,
  limit: number,
): Promise<Page<Account>> {
  const begun = readCursor(cursor);
  const rows: Found[] = [];
  for (let way = begun.way; way < ways.length && rows.length <= limit; way++) {
    const it = ways[way];
    if (it === undefined) break;
    let { afterText, after } = way === begun.way ? begun : { afterText: '', after: '' };
    for (let more = true; more && rows.length <= limit; ) {
      const found = await world.store.read(it.find, {
        organizationId,
        ...prefix(it.fold(search)),
        afterText,
        after,
        limit: limit + 1,
      });
      rows.push(
        ...found
          .filter((row) => disabled === undefined || row.disabled === disabled)
          .map((row) => ({ ...row, way, text: row.found ?? '' })),
      );
      const last = found.at(-1);
      more = found.length > limit && last !== undefined;
      ({ afterText, after } = { afterText: last?.found ?? '', after: last?.id ?? '' });
    }
  }
  return toPage(rows, limit, toAccount, ({ way, text, id }) => cursorOf([way, text, id]));
}

type Found = Parameters<typeof toAccount>[0] & { way: number; text: string };

const cursorOf = (place: readonly [way: number, text: string, id: string]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

function readCursor(cursor: string | undefined): { way: number; afterText: string; after: string } {
  if (cursor === undefined) return { way: 0, afterText: '', after: '' };
  try {
    const [way, afterText, after] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Number.isInteger(way) && typeof afterText === 'string' && typeof after === 'string')
      return { way, afterText, after };
  } catch {
    // Told below.
  }
  throw new Problem('invalid-request', {
    detail: 'the cursor is not readable',
    errors: [{ field: 'cursor', detail: 'takes the nextCursor of a page' }],
  });
}

/** The first text that begins like this, and the first after it that does not. */
const prefix = (folded: string): { from: string; to: string } => ({ from: folded, to: `${folded}\u{10ffff}` });
