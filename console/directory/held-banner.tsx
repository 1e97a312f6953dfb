import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import type { Directory } from '#contract';
import { ToInText } from '../page/to.tsx';
import { Ago } from '../values/time.tsx';

/** P9: says on every page of a directory that its brake holds something. */
export function HeldBanner({ directory: { id, held, heldSince } }: { directory: Directory }) {
  if (held === 0) return null;
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>
          {held === 1 ? 'One user' : `${held.toLocaleString('en')} users`} would lose access and{' '}
          {held === 1 ? 'is' : 'are'} held
        </MessageBarTitle>
        {heldSince !== null && (
          <>
            Since <Ago at={heldSince} />.{' '}
          </>
        )}
        <ToInText to="/directories/$directory/held" params={{ directory: id }}>
          See who it is, and decide
        </ToInText>
        .
      </MessageBarBody>
    </MessageBar>
  );
}
