import { makeStyles, Select } from '@fluentui/react-components';
import type { Connection } from '#contract';
import { type Listing, useListing } from '../server/ask.ts';

const useStyles = makeStyles({ select: { minWidth: '200px', maxWidth: '320px' } });

/** The connections that a page can be about, and the one it is about: the asked one, or the first that fits. */
export interface ConnectionChoice {
  listing: Listing<Connection>;
  fitting: Connection[];
  chosen: string | undefined;
}

/** Finds the connection that a page is about. */
export function useConnectionChoice(
  asked: string | undefined,
  fits: (connection: Connection) => boolean,
): ConnectionChoice {
  const listing = useListing('connections.list', { query: { limit: 100 } });
  const fitting = (listing.items ?? []).filter((connection) => fits(connection) || connection.id === asked);
  return { listing, fitting, chosen: asked ?? fitting[0]?.id };
}

/** Chooses among the connections. */
export function ConnectionSelect({
  choice,
  onChoose,
}: {
  choice: ConnectionChoice;
  onChoose: (connection: string) => void;
}) {
  const styles = useStyles();
  return (
    <Select
      aria-label="Connection"
      className={styles.select}
      value={choice.chosen ?? ''}
      onChange={(_, { value }) => onChoose(value)}
    >
      {choice.fitting.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </Select>
  );
}
