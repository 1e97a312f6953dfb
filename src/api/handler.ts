import type { Caller } from '#access';
import type { EntraWorld } from '#connections';
import type { AnswerOf, BodyOf, EntryName, entries, ParamsOf, QueryOf } from '#contract';
import type { Cause } from '#events';

type EntryOf<Name extends EntryName> = (typeof entries)[Name];

/** A request to an entry, authenticated, allowed, and read by its shapes. */
export interface Asked<Name extends EntryName> {
  caller: Caller;
  cause: Cause;
  /** The organization of the path, of its connection or directory; empty where the path names none. */
  organizationId: string;
  params: ParamsOf<EntryOf<Name>>;
  query: QueryOf<EntryOf<Name>>;
  body: BodyOf<EntryOf<Name>>;
  /** The version that `If-Match` names. */
  version: number | undefined;
  idempotencyKey: string | undefined;
}

/** Answers one entry. */
export type Handler<Name extends EntryName> = (
  world: EntraWorld,
  asked: Asked<Name>,
) => Promise<AnswerOf<EntryOf<Name>>>;

/** The handlers of some entries, each by its name. */
export type Handlers<Names extends EntryName = EntryName> = { readonly [Name in Names]: Handler<Name> };
