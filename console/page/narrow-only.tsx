import { makeStyles } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { narrow } from './widths.ts';

const useStyles = makeStyles({ only: { display: 'none', [narrow]: { display: 'inline' } } });

/** What a column says on wide screens, where that column is left out. */
export function NarrowOnly({ children }: { children: ReactNode }) {
  return <span className={useStyles().only}>{children}</span>;
}
