import { z } from 'zod';

/** Words for shapes that many entries use. Sizes are in characters unless the name says otherwise. */

/** C2: 3–36 characters, lower-case letters, digits, single inner dashes. */
export const connectionId = z
  .string()
  .min(3)
  .max(36)
  .regex(
    /^[a-z0-9](?:-?[a-z0-9]){2,}$/,
    'takes lower-case letters, digits and single inner dashes, 3 to 36 characters',
  );

/** A time on the wire: ISO 8601 in UTC. */
export const time = z.iso.datetime({ precision: 3 }).describe('time, ISO 8601, UTC');

/** A time somebody hands in: ISO 8601 with any offset. */
export const givenTime = z.iso.datetime({ offset: true }).describe('time, ISO 8601, with offset or Z');

/** A name that people read. */
export const displayName = z.string().trim().min(1).max(50);

/** An id made here: UUIDv7. */
export const id = z.string().min(1).max(64);

/** An address of a mailbox or a person. Compared without case. */
export const email = z.email().max(254);

/** The query of every list: an opaque cursor, 50 by default, 1,000 at most. */
export const page = z.strictObject({
  cursor: z.string().max(500).optional().describe('nextCursor of the page before'),
  limit: z.coerce.number().int().min(1).max(1000).default(50).describe('how many at most'),
});

/** A page of a list; `nextCursor` is there while more follows. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ items: z.array(item), nextCursor: z.string().optional() });

/** A page as a handler returns it. */
export interface Page<Item> {
  items: Item[];
  nextCursor?: string;
}
