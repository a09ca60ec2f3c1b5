import type { Browser, Page } from 'playwright-core';
import { readArguments } from '../cli/common/arguments';
import { exitCodes, run } from '../cli/common/exit';
import { launchBrowser } from './checkPage/browser';
import { hostileMessage } from './checkPage/hostileMessage';
import { pageChecks } from './checkPage/pageChecks';
import { type PageRun, startPageRun } from './checkPage/pageRun';

const usage = `Usage: npm run page -- [options]
  Runs npm start and checks its page in Chromium, in a wide window with light
  colours and in a narrow one with dark colours: keyboard, accessibility,
  hostile records, no request to another place, nothing that the content
  security policy refuses. Needs Chromium (Debian: apt-get install chromium).
  --screenshot FILE  write a picture of the page instead
Exit codes: 0 all well; 1 something is wrong; 2 could not start.`;

const windows = [
  { name: 'wide and light', colorScheme: 'light', viewport: { width: 1400, height: 1000 } },
  { name: 'narrow and dark', colorScheme: 'dark', viewport: { width: 360, height: 740 } },
] as const;

/** Settings with something to show under "Rules and savings". */
const rowSettings = {
  ADDITIONAL_FIELDS: 'lean',
  OMIT_COLUMNS: 'EventMessage',
  MERGE_FLOWS: 'message',
  DROP_RULES_FILE: 'infra/rules/examples.json',
};

/** What a slow machine may need for a step of a check, in milliseconds; once one has failed, little is left to wait for. */
const patience = { atFirst: 60_000, afterOneFailed: 3_000 };

async function main(): Promise<number> {
  const { values } = readArguments({ screenshot: { type: 'string' } }, usage);
  const browser = await launchBrowser();
  try {
    const pageRun = await (values.screenshot === undefined
      ? startPageRun(['--events', '2000', '--page-port', '0'], rowSettings)
      : startPageRun([], {}));
    try {
      if (values.screenshot !== undefined) return await takePicture(browser, pageRun, values.screenshot);
      return await checkAll(browser, pageRun);
    } finally {
      await pageRun.stop();
    }
  } finally {
    await browser.close();
  }
}

async function takePicture(browser: Browser, { url }: PageRun, path: string): Promise<number> {
  const page = await browser.newPage({ colorScheme: 'light', viewport: { width: 1200, height: 1060 } });
  await page.goto(url);
  await page.locator('#row-list button').first().waitFor();
  await page.locator('#example').click();
  await page.locator('#tried-records .beside').waitFor();
  await page.evaluate('document.activeElement.blur(); window.scrollTo(0, 0)');
  await page.screenshot({ path });
  console.log(`Wrote ${path}.`);
  return exitCodes.well;
}

async function checkAll(browser: Browser, pageRun: PageRun): Promise<number> {
  const problems: string[] = [];
  await pageRun.send(hostileMessage());
  for (const { name, ...context } of windows) {
    const page = await browser.newPage(context);
    page.setDefaultTimeout(patience.atFirst);
    const note = (problem: string): void => {
      problems.push(`${name}: ${problem}`);
    };
    await listen(page, pageRun.url, note);
    await page.goto(pageRun.url);
    for (const { title, run: check } of pageChecks) {
      try {
        await check(page);
        console.log(`well: ${name}: ${title}`);
      } catch (error) {
        note(`${title}: ${error instanceof Error ? error.message : String(error)}`);
        page.setDefaultTimeout(patience.afterOneFailed);
        await page.keyboard.press('Escape');
      }
    }
    const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    const isDark = ground !== 'rgb(255, 255, 255)';
    if (isDark !== (context.colorScheme === 'dark')) note(`the ground is ${String(ground)}`);
    await page.close();
  }
  for (const problem of problems) console.error(problem);
  console.log(problems.length === 0 ? 'The page is well.' : `${problems.length} problems.`);
  return problems.length === 0 ? exitCodes.well : exitCodes.wrong;
}

/** Notes requests to another place, errors, and what the policy refuses. */
async function listen(page: Page, url: string, note: (problem: string) => void): Promise<void> {
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('blob:')) note(`a request to ${request.url()}`);
  });
  page.on('pageerror', (error) => note(`an error: ${error.message}`));
  page.on('console', (message) => {
    // A file that is too large is refused, which the browser reports.
    if (message.type() === 'error' && !message.text().includes('413')) note(`the console: ${message.text()}`);
  });
  await page.addInitScript(
    "addEventListener('securitypolicyviolation', (event) => console.error(`refused by the policy: ${event.violatedDirective} ${event.blockedURI}`))",
  );
}

void run(main);
