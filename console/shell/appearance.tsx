import { createContext, type ReactNode, use, useEffect, useMemo, useState, useSyncExternalStore } from 'react';

/** What one may choose: follow the system, or always the same. */
export type Appearance = 'system' | 'light' | 'dark';

interface Choice {
  chosen: Appearance;
  shown: 'light' | 'dark';
  choose(appearance: Appearance): void;
}

const key = 'portico.appearance';
const AppearanceContext = createContext<Choice | undefined>(undefined);

/** Keeps the choice of light or dark in this browser, and follows the system until there is one. */
export function AppearanceProvider({ children }: { children: ReactNode }) {
  const [chosen, setChosen] = useState<Appearance>(remembered);
  const systemDark = useSyncExternalStore(followSystem, isSystemDark);
  const shown = chosen === 'system' ? (systemDark ? 'dark' : 'light') : chosen;

  useEffect(() => {
    if (chosen === 'system') delete document.documentElement.dataset['appearance'];
    else document.documentElement.dataset['appearance'] = chosen;
  }, [chosen]);

  const choice = useMemo<Choice>(() => {
    const choose = (appearance: Appearance): void => {
      setChosen(appearance);
      remember(appearance);
    };
    return { chosen, shown, choose };
  }, [chosen, shown]);
  return <AppearanceContext value={choice}>{children}</AppearanceContext>;
}

/** The present choice of light or dark. */
export function useAppearance(): Choice {
  const choice = use(AppearanceContext);
  if (choice === undefined) throw new Error('useAppearance is used outside AppearanceProvider');
  return choice;
}

const systemQuery = () => window.matchMedia('(prefers-color-scheme: dark)');
const isSystemDark = (): boolean => systemQuery().matches;

function followSystem(changed: () => void): () => void {
  const query = systemQuery();
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

function remembered(): Appearance {
  try {
    const value = localStorage.getItem(key);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}

function remember(appearance: Appearance): void {
  try {
    if (appearance === 'system') localStorage.removeItem(key);
    else localStorage.setItem(key, appearance);
  } catch {
    // A browser that keeps nothing still shows what was chosen until it is closed.
  }
}
