import { type QueryClient, type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import type { EntryName } from '#contract';
import { type Answer, call, type Input } from './call.ts';

/** The noun of an entry: `connections` of `connections.pause`. */
type Noun = EntryName extends `${infer N}.${string}` ? N : never;

/** Calls an entry that changes something, then asks anew for everything about `refreshes`. */
export function useAct<Name extends EntryName>(
  name: Name,
  refreshes: readonly Noun[],
): UseMutationResult<Answer<Name>, Error, Input<Name>> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: Input<Name>) => call(name, input),
    onSettled: () => refresh(client, [...refreshes, 'events']),
  });
}

/** Marks every answer about these nouns as old; what is on the screen is asked for again. */
async function refresh(client: QueryClient, nouns: readonly Noun[]): Promise<void> {
  const prefixes = nouns.map((noun) => `${noun}.`);
  await client.invalidateQueries({
    predicate: ({ queryKey: [name] }) => typeof name === 'string' && prefixes.some((prefix) => name.startsWith(prefix)),
  });
}
