import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { medium, narrow } from '../page/widths.ts';

const useStyles = makeStyles({
  table: { width: '100%', borderCollapse: 'collapse', tableLayout: 'fixed', lineHeight: tokens.lineHeightBase300 },
  head: {
    textAlign: 'left',
    verticalAlign: 'bottom',
    fontWeight: tokens.fontWeightRegular,
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground3,
    padding: `0 ${tokens.spacingHorizontalM} ${tokens.spacingVerticalS} 0`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  row: {
    position: 'relative',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    ':has(a):hover': { backgroundColor: tokens.colorSubtleBackgroundHover },
  },
  cell: {
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalM} 0`,
    verticalAlign: 'top',
    overflowWrap: 'anywhere',
    minWidth: 0,
  },
  unseen: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' },
  end: { textAlign: 'right', paddingRight: '0' },
  fromNarrow: { [narrow]: { display: 'none' } },
  fromMedium: { [medium]: { display: 'none' } },
});

/** A column; `from` hides it on screens that are not wider. */
export interface Column<Item> {
  title: string;
  cell: (item: Item) => ReactNode;
  /** CSS width; without one it shares what is left. */
  width?: string;
  from?: 'narrow' | 'medium';
  align?: 'end';
  /** The title is only for screen readers. */
  quiet?: boolean;
}

interface TableProps<Item> {
  label: string;
  columns: Column<Item>[];
  items: Item[];
  keyOf: (item: Item) => string;
}

/** Rows of one kind of thing. On narrow screens the columns that matter less are left out. */
export function Table<Item>({ label, columns, items, keyOf }: TableProps<Item>) {
  const styles = useStyles();
  const classOf = ({ from, align }: Column<Item>, base: string): string =>
    mergeClasses(
      base,
      align === 'end' && styles.end,
      from === 'narrow' && styles.fromNarrow,
      from === 'medium' && styles.fromMedium,
    );
  return (
    <table aria-label={label} className={styles.table}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th
              key={column.title}
              scope="col"
              className={classOf(column, styles.head)}
              {...(column.width === undefined ? {} : { style: { width: column.width } })}
            >
              {column.quiet ? <span className={styles.unseen}>{column.title}</span> : column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={keyOf(item)} className={styles.row}>
            {columns.map((column) => (
              <td key={column.title} className={classOf(column, styles.cell)}>
                {column.cell(item)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
