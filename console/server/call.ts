import { type AnswerOf, type CallInput, createClient, type EntryName, type entries } from '#contract';

/** Calls Portico's REST API on the console's own address; the cookie says who one is. */
export const call = createClient({ url: '' });

/** What an entry of the contract answers, by its name. */
export type Answer<Name extends EntryName> = AnswerOf<(typeof entries)[Name]>;

/** What an entry of the contract takes, by its name. */
export type Input<Name extends EntryName> = CallInput<Name>;

/** `If-Match` for a version that was read before. */
export const ifVersion = (version: number): string => `"${version}"`;
