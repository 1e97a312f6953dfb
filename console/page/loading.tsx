import { makeStyles, Skeleton, SkeletonItem, tokens } from '@fluentui/react-components';

const useStyles = makeStyles({
  lines: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL },
  short: { width: '42%' },
  middle: { width: '68%' },
});

/** Stands where content will be; announced once, drawn as lines of text. */
export function Loading({ what, rows = 4 }: { what: string; rows?: number }) {
  const styles = useStyles();
  return (
    <Skeleton aria-label={`Loading ${what}`} className={styles.lines}>
      {Array.from({ length: rows }, (_, row) => `row ${row}`).map((row, index) => (
        <SkeletonItem
          key={row}
          size={20}
          className={index % 3 === 2 ? styles.short : index % 3 === 1 ? styles.middle : ''}
        />
      ))}
    </Skeleton>
  );
}
