import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../../scripts/installed.mjs';

/** Starts the machine's Chromium without a window, with a profile of its own. Nothing is downloaded. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['TEST_CHROMIUM'] ?? findChromium() ?? 'chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // A page lives for seconds here: to optimize its code takes longer than that saves.
      '--js-flags=--no-maglev --no-turbofan --single-threaded-gc',
    ],
  });
}
