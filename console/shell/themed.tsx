import { FluentProvider, makeStyles, Toaster, tokens } from '@fluentui/react-components';
import { type ReactNode, useState } from 'react';
import { useAppearance } from './appearance.tsx';
import { dark, light } from './theme.ts';
import { toasterId } from './told.tsx';

const useStyles = makeStyles({
  ground: { minHeight: '100vh', backgroundColor: tokens.colorNeutralBackground1, fontSize: tokens.fontSizeBase300 },
});

/** Everything below is drawn in the chosen theme. */
export function Themed({ children }: { children: ReactNode }) {
  const { shown } = useAppearance();
  const styles = useStyles();
  const [news, setNews] = useState<HTMLElement | null>(null);
  return (
    <FluentProvider theme={shown === 'dark' ? dark : light}>
      <div className={styles.ground}>{children}</div>
      <section aria-label="News" ref={setNews} />
      <Toaster toasterId={toasterId} position="bottom-end" mountNode={news} />
    </FluentProvider>
  );
}
