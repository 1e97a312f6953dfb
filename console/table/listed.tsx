import { Button, makeStyles, Spinner, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { Loading } from '../page/loading.tsx';
import { ProblemNotice } from '../page/problem-notice.tsx';
import type { Listing } from '../server/ask.ts';

const useStyles = makeStyles({
  more: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalM, marginTop: tokens.spacingVerticalL },
  count: { color: tokens.colorNeutralForeground3 },
});

interface ListedProps<Item> {
  listing: Listing<Item>;
  /** The things, in the plural: `connections`. */
  what: string;
  /** Shown where there are none. */
  empty: ReactNode;
  children: (items: Item[]) => ReactNode;
}

/** A list in all its states: coming, failed, empty, there, and more to load. */
export function Listed<Item>({ listing, what, empty, children }: ListedProps<Item>) {
  const styles = useStyles();
  const { items, problem } = listing;
  if (problem !== null) return <ProblemNotice problem={problem} onRetry={listing.retry} />;
  if (items === undefined) return <Loading what={what} rows={6} />;
  if (items.length === 0) return empty;
  return (
    <div>
      {children(items)}
      {listing.hasMore && (
        <div className={styles.more}>
          <Button onClick={listing.loadMore} disabledFocusable={listing.loadingMore}>
            {listing.loadingMore ? <Spinner size="tiny" label="Loading" /> : 'Load more'}
          </Button>
          <span className={styles.count} role="status">
            {items.length.toLocaleString('en')} {what} shown, there are more
          </span>
        </div>
      )}
    </div>
  );
}
