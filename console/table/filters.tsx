import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  bar: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalM, alignItems: 'center' },
});

/** What narrows a list, above it. */
export function Filters({ children }: { children: ReactNode }) {
  return <search className={useStyles().bar}>{children}</search>;
}
