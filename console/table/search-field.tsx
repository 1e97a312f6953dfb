import { makeStyles, SearchBox } from '@fluentui/react-components';
import { useEffect, useRef, useState } from 'react';

const pauseOfTyping = 350;
const useStyles = makeStyles({ box: { flexGrow: 1, maxWidth: '360px', minWidth: '180px' } });

interface SearchFieldProps {
  label: string;
  value: string | undefined;
  /** Called once typing pauses; `undefined` when emptied. */
  onSearch: (value: string | undefined) => void;
}

/** Narrows a list while one types; what was searched is in the page's address. */
export function SearchField({ label, value, onSearch }: SearchFieldProps) {
  const styles = useStyles();
  const [text, setText] = useState(value ?? '');
  const search = useRef(onSearch);
  search.current = onSearch;
  useEffect(() => {
    if (text === (value ?? '')) return;
    const timer = setTimeout(() => search.current(text === '' ? undefined : text), pauseOfTyping);
    return () => clearTimeout(timer);
  }, [text, value]);
  return (
    <SearchBox
      className={styles.box}
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={(_, data) => setText(data.value)}
    />
  );
}
