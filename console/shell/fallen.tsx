import { Button } from '@fluentui/react-components';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { NothingHere } from '../page/nothing-here.tsx';
import { Page } from '../page/page.tsx';

/** A page that failed to draw: most often the server was upgraded and the old files are gone. */
export function Fallen({ error }: ErrorComponentProps) {
  return (
    <Page title="This page could not be shown">
      <NothingHere
        title={error instanceof Error ? error.message : 'Something in the page failed'}
        action={
          <Button appearance="primary" onClick={() => location.reload()}>
            Load the page again
          </Button>
        }
      >
        If Portico was upgraded while the console was open, loading it again brings the new one.
      </NothingHere>
    </Page>
  );
}
