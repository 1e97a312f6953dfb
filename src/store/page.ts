/** What a list is asked for: where the page before ended, and how many. */
export interface PageQuery {
  cursor?: string | undefined;
  limit: number;
}

/**
 * A page from rows of which one more than the limit was read: that one only tells that more follow.
 */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
  cursorOf: (row: Row) => string | number,
): { items: Item[]; nextCursor?: string } {
  const items = rows.slice(0, limit).map(toItem);
  const last = rows[limit - 1];
  return rows.length > limit && last !== undefined ? { items, nextCursor: String(cursorOf(last)) } : { items };
}
