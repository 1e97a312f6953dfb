import { useQuery } from '@tanstack/react-query';
import { ask } from '../server/ask.ts';
import { useRight } from '../server/session.tsx';

/** A directory goes by the name of its connection; until that is known, by its id. */
export function useDirectoryName(directory: string): string {
  const mayAsk = useRight('connections:read');
  const connection = useQuery({ ...ask('connections.get', { connection: directory }), enabled: mayAsk });
  return connection.data?.name ?? directory;
}
