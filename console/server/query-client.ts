import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ProblemAnswer } from '#contract';

/** How the console asks: answers are shown while newer ones are fetched; only what may pass by itself is asked again. */
export function createQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    defaultOptions: {
      queries: { staleTime: 5_000, retry: mayPass, networkMode: 'always' },
      mutations: { networkMode: 'always' },
    },
    queryCache: new QueryCache({
      onError: (failure, query) => {
        const signedOut = failure instanceof ProblemAnswer && failure.problemName === 'not-authenticated';
        if (signedOut && query.queryKey[0] !== 'session.get') void client.resetQueries({ queryKey: ['session.get'] });
      },
    }),
  });
  return client;
}

/** Once more where the server or the network failed; a refusal stays a refusal. */
function mayPass(failures: number, failure: Error): boolean {
  if (failure instanceof ProblemAnswer && failure.problem.status < 500) return false;
  return failures < 1;
}
