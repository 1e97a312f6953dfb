import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Connection } from '#contract';
import { ask } from '../server/ask.ts';

const route = getRouteApi('/connections/$connection');

/** The connection that the frame around has already loaded. */
export function useConnection(): Connection {
  const { connection } = route.useParams();
  return useSuspenseQuery(ask('connections.get', { connection })).data;
}
