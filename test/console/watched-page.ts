import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page, Request } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** How long a page may take to show what is waited for, in milliseconds. */
const patience = 8_000;

/** How a page is looked at. */
export interface View {
  name: 'light' | 'dark' | 'narrow';
  colorScheme: 'light' | 'dark';
  width: number;
  height: number;
}

/** The three ways in which every page is looked at; 400 px is the narrowest it must fit. */
export const views: readonly View[] = [
  { name: 'light', colorScheme: 'light', width: 1280, height: 720 },
  { name: 'dark', colorScheme: 'dark', width: 1280, height: 720 },
  { name: 'narrow', colorScheme: 'light', width: 400, height: 860 },
];

/** A page in a real browser that notes all that goes wrong in it. */
export interface WatchedPage {
  page: Page;
  context: BrowserContext;
  /** Opens an address and waits until what it shows has arrived. */
  open(path: string): Promise<void>;
  settle(): Promise<void>;
  /** Looks at the page that is open in another way. */
  turnTo(view: View): Promise<void>;
  /** What went wrong since the page was opened: errors, violations of the policy, overflow, axe findings. */
  findings(): Promise<string[]>;
  close(): Promise<void>;
}

/** Opens an empty page of `url` in a fresh context. Calls that answer 401 or 404 on purpose are named in `expected`. */
export async function watchPage(browser: Browser, url: string, first: View, expected?: RegExp): Promise<WatchedPage> {
  let view = first;
  const context = await browser.newContext({
    baseURL: url,
    colorScheme: view.colorScheme,
    viewport: { width: view.width, height: view.height },
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const noted: string[] = [];
  await page.exposeFunction('noteViolation', (violation: string) => noted.push(`policy: ${violation}`));
  await page.addInitScript(`addEventListener('securitypolicyviolation', (event) =>
    noteViolation(event.violatedDirective + ' blocked ' + event.blockedURI + ' ' + (event.sample ?? '')))`);
  page.on('pageerror', (error) => noted.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    const text = `${message.text()} ${message.location().url}`;
    if (expected?.test(text) !== true) noted.push(`console: ${text}`);
  });
  const underWay = new Set<Request>();
  page.on('request', (request) => underWay.add(request));
  page.on('requestfinished', (request) => underWay.delete(request));
  page.on('requestfailed', (request) => underWay.delete(request));
  const anyUnderWay = async (): Promise<boolean> => {
    await page.waitForTimeout(60);
    return underWay.size > 0;
  };
  const settle = async (): Promise<void> => {
    await page.waitForLoadState();
    do await until(page, "document.querySelector('h1') !== null && document.querySelector('.fui-Skeleton') === null");
    while (await anyUnderWay());
  };
  return {
    page,
    context,
    settle,
    open: async (path) => {
      await page.goto(path);
      await settle();
    },
    turnTo: async (other) => {
      if (view !== other) {
        view = other;
        await page.emulateMedia({ colorScheme: view.colorScheme });
        await page.setViewportSize({ width: view.width, height: view.height });
      }
      await settle();
    },
    findings: async () => {
      await until(page, atRest);
      return [...noted.splice(0), ...(await overflow(page)), ...(await accessibility(page, view))];
    },
    close: () => context.close(),
  };
}

/** What fades in has no contrast yet. Spinners turn for ever and do not count. */
const atRest = `document.getAnimations().every(({ playState, effect }) =>
  playState !== 'running' || effect.getComputedTiming().iterations === Infinity)`;

/** Looks until an expression holds. Playwright's own waiting evaluates text in the page, which the policy forbids. */
async function until(page: Page, expression: string): Promise<void> {
  const end = Date.now() + patience;
  while (!(await page.evaluate<boolean>(expression))) {
    if (Date.now() > end) throw new Error(`this did not come true on ${page.url()}: ${expression}`);
    await page.waitForTimeout(30);
  }
}

/** Elements that reach beyond the right edge, where nothing around them scrolls. */
async function overflow(page: Page): Promise<string[]> {
  const found = await page.evaluate<string[]>(`(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > width + 1)
      .slice(0, 3)
      .map((element) => element.tagName.toLowerCase() + ' "' + element.textContent.trim().slice(0, 40) + '" ends at ' +
        Math.round(element.getBoundingClientRect().right) + ' px');
  })()`);
  return found.map((element) => `overflow: ${element}`);
}

/**
 * Left out for axe: the marks at both ends of the page by which Fluent (Tabster) notices that focus comes from the browser's own
 * controls, which pass it on at once; and the later rows of a list, which are as its first ones.
 */
const leftOut = ['[data-tabster-dummy]', '[role="row"]:nth-child(n+8)', 'tr:nth-child(n+8)', 'li:nth-child(n+12)'];

/** By what the views differ: light and dark in colours only, light and narrow in all but colours. */
const rulesOf: Readonly<Record<View['name'], string>> = {
  light: '',
  dark: ', runOnly: ["color-contrast"]',
  narrow: ', rules: { "color-contrast": { enabled: false } }',
};

/** What axe finds. */
async function accessibility(page: Page, { name }: View): Promise<string[]> {
  if (await page.evaluate<boolean>(`typeof axe === 'undefined'`)) await page.evaluate(`(() => { ${axe} })()`);
  const found = await page.evaluate<{ id: string; help: string; nodes: { html: string; failureSummary: string }[] }[]>(
    `axe.run({ exclude: ${JSON.stringify(leftOut)} }, { resultTypes: ["violations"]${rulesOf[name]} }).then(({ violations }) => violations)`,
  );
  return found.map(({ id, help, nodes: [node] }) =>
    [`axe: ${id}: ${help}`, node?.html.slice(0, 200), node?.failureSummary].filter(Boolean).join(' | '),
  );
}
