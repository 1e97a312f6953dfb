import { useEffect, useState } from 'react';

const pauseOfTyping = 500;

/** The value once it has not changed for half a second. */
export function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pauseOfTyping);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
