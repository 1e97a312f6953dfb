import { makeStyles, tokens } from '@fluentui/react-components';
import type { RecordedRequestDetail } from '#contract';
import { Table } from '../table/table.tsx';

const useStyles = makeStyles({ value: { fontFamily: tokens.fontFamilyMonospace, fontSize: '13px' } });

interface ChangesProps {
  label: string;
  changes: RecordedRequestDetail['changes'];
  /** What the two sides are, where they are not a before and an after. */
  before?: string;
  after?: string;
}

/** A difference, attribute by attribute. */
export function Changes({ label, changes, before = 'Before', after = 'After' }: ChangesProps) {
  const styles = useStyles();
  return (
    <Table
      label={label}
      items={changes}
      keyOf={({ path }) => path}
      columns={[
        { title: 'Attribute', cell: ({ path }) => <span className={styles.value}>{path}</span> },
        { title: before, cell: (change) => <span className={styles.value}>{words(change.before)}</span> },
        { title: after, cell: (change) => <span className={styles.value}>{words(change.after)}</span> },
      ]}
    />
  );
}

/** A value as one line; what was not there is a dash. */
function words(value: unknown): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
