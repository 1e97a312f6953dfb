import { NothingHere } from '../page/nothing-here.tsx';
import { Page } from '../page/page.tsx';
import { ToButton } from '../page/to.tsx';

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <Page title="There is no such page">
      <NothingHere title="The address leads nowhere" action={<ToButton to="/">Go to the overview</ToButton>}>
        It may be mistyped, or from an older version of Portico.
      </NothingHere>
    </Page>
  );
}
