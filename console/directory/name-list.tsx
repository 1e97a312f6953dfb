import { makeStyles, tokens } from '@fluentui/react-components';
import { Children, type ReactNode } from 'react';

const useStyles = makeStyles({
  list: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: tokens.spacingHorizontalXXL,
    rowGap: tokens.spacingVerticalS,
    lineHeight: tokens.lineHeightBase300,
  },
});

/** A handful of names, each a link. */
export function NameList({ children }: { children: ReactNode }) {
  return (
    <ul className={useStyles().list}>
      {Children.map(children, (child) => (
        <li>{child}</li>
      ))}
    </ul>
  );
}
