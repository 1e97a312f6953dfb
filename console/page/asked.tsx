import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Loading } from './loading.tsx';
import { ProblemNotice } from './problem-notice.tsx';

interface AskedProps<Value> {
  query: UseQueryResult<Value>;
  what: string;
  rows?: number;
  children: (value: Value) => ReactNode;
}

/** Shows an answer once it is there; until then that it is coming, or why it is not. */
export function Asked<Value>({ query, what, rows, children }: AskedProps<Value>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null) return <ProblemNotice problem={query.error} onRetry={() => void query.refetch()} />;
  return <Loading what={what} {...(rows === undefined ? {} : { rows })} />;
}
