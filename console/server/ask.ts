import { infiniteQueryOptions, queryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { EntryName } from '#contract';
import { type Answer, call, type Input } from './call.ts';

/** Entries that answer with a page of a list. */
export type ListName = {
  [Name in EntryName]: Answer<Name> extends { items: infer _; nextCursor?: string | undefined } ? Name : never;
}[EntryName];

/** One item of a list. */
export type ItemOf<Name extends ListName> = Answer<Name> extends { items: (infer Item)[] } ? Item : never;

/** A query for one entry; its key is the entry's name and input, so that {@link refreshed} finds it. */
export const ask = <Name extends EntryName>(name: Name, input: Input<Name>) =>
  queryOptions({ queryKey: [name, input] as const, queryFn: () => call(name, input) });

/** A list as a page of it is shown: the items so far, and how to get more. */
export interface Listing<Item> {
  items: Item[] | undefined;
  problem: Error | null;
  hasMore: boolean;
  loadingMore: boolean;
  loadMore(): void;
  retry(): void;
}

interface ListInput {
  query?: { cursor?: string | undefined; limit?: unknown } | undefined;
}
interface AnyPage<Item> {
  items: Item[];
  nextCursor?: string | undefined;
}

/** Follows a list by its cursor, page by page. With `refetchInterval` (ms) it stays fresh by itself. */
export function useListing<Name extends ListName>(
  name: Name,
  input: Input<Name>,
  options: { enabled?: boolean; refetchInterval?: number } = {},
): Listing<ItemOf<Name>> {
  const query = useInfiniteQuery({
    ...listing<Name>(name, input),
    enabled: options.enabled ?? true,
    ...(options.refetchInterval === undefined ? {} : { refetchInterval: options.refetchInterval }),
  });
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  return {
    items,
    problem: items === undefined ? query.error : null,
    hasMore: query.hasNextPage,
    loadingMore: query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
    retry: () => void query.refetch(),
  };
}

const listing = <Name extends ListName>(name: Name, input: Input<Name>) =>
  infiniteQueryOptions({
    queryKey: [name, input, 'pages'] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam }): Promise<AnyPage<ItemOf<Name>>> => {
      const { query } = input as ListInput;
      const page = await call(name, { ...input, query: { ...query, cursor: pageParam } } as Input<Name>);
      return page as AnyPage<ItemOf<Name>>;
    },
    getNextPageParam: (page) => page.nextCursor,
  });
