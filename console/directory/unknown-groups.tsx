import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useQueries } from '@tanstack/react-query';
import { ask } from '../server/ask.ts';
import { useSettled } from '../values/settled.ts';

/** Says which of the entered names no group of the directory has: by such a name nobody can sign in. */
export function UnknownGroups({ directory, names }: { directory: string; names: readonly string[] }) {
  const settled = useSettled(names.join('\n'));
  const asked = settled === '' ? [] : settled.split('\n');
  const answers = useQueries({
    queries: asked.map((displayName) => ({
      ...ask('groups.list', { directory, query: { displayName, limit: 50 } }),
      staleTime: 60_000,
    })),
  });
  const unknown = asked.filter((name, index) => {
    const page = answers[index]?.data;
    if (page === undefined || page.nextCursor !== undefined) return false;
    return !page.items.some(({ displayName }) => displayName.toLowerCase() === name.toLowerCase());
  });
  if (unknown.length === 0) return null;
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        {unknown.length === 1 ? 'There is no group' : 'There are no groups'} “{unknown.join('”, “')}” here, so nobody
        can sign in as a member of {unknown.length === 1 ? 'it' : 'them'}.
      </MessageBarBody>
    </MessageBar>
  );
}
