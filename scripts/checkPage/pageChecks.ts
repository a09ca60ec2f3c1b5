import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { hostileMessage, longNumber, markup } from './hostileMessage';

/** Checks one thing on an open page. @throws an error that says what is wrong. */
export interface PageCheck {
  readonly title: string;
  readonly run: (page: Page) => Promise<void>;
}

export const pageChecks: readonly PageCheck[] = [
  { title: 'the rows and dead letters of the hostile message arrive', run: hostileArrives },
  { title: 'the counts are there and balance', run: countsBalance },
  { title: 'what the drop rules and the settings have saved is shown', run: savings },
  { title: 'a record is mapped and explained with the keyboard alone', run: keyboardOnly },
  { title: 'a stored row opens beside its record', run: rowBesideRecord },
  { title: 'rows are found by text, action type, direction and result', run: filters },
  { title: 'what a hostile record holds is shown as text, with its numbers exact', run: hostileText },
  { title: 'a dead letter shows the commands that send it again', run: deadLetterCommands },
  { title: 'a file that is dropped or chosen is mapped, and one that cannot be read has its error named', run: files },
  { title: 'nothing has to be scrolled sideways', run: noSidewaysScroll },
  { title: 'axe finds nothing wrong, with a row open too', run: axe },
];

function expect(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(what);
}

async function hostileArrives(page: Page): Promise<void> {
  await page.locator('#row-list', { hasText: 'Evil' }).waitFor();
  await page.locator('#letter-list').getByText('BadTimestamp').first().waitFor();
}

async function countsBalance(page: Page): Promise<void> {
  const said = await page.locator('#balance').innerText();
  expect(said.startsWith('The books balance'), `#balance says: ${said}`);
  const differences = await page.locator('#steps td[data-name="difference"]').allTextContents();
  expect(
    differences.length === 4 && differences.every((text) => text === '0'),
    `differences: ${differences.join(' ')}`,
  );
  expect((await page.locator('.chart canvas').count()) === 2, 'There are not two charts.');
}

/** Nearly every generated stream has connections inside a private network, which a rule of infra/rules/examples.json drops. */
async function savings(page: Page): Promise<void> {
  const rule = page.locator('#rules tr', { has: page.locator('th', { hasText: /^private network$/ }) });
  const dropped = Number((await rule.locator('td').first().innerText()).replaceAll(/\D/g, ''));
  expect(dropped > 0, `The rule dropped ${dropped} records.`);
  const levers = await page.locator('#levers').innerText();
  for (const lever of ['DROP_RULES_FILE/private network', 'ADDITIONAL_FIELDS', 'OMIT_COLUMNS'])
    expect(levers.includes(lever), `${lever} is not among what was saved: ${levers}`);
}

async function keyboardOnly(page: Page): Promise<void> {
  await page.evaluate('document.activeElement?.blur(); window.scrollTo(0, 0)');
  await page.keyboard.press('Tab');
  expect((await focused(page)) === 'Skip to the counts', 'The first Tab does not lead to the skip link.');
  await tabTo(page, '#pasted');
  await page.keyboard.insertText(
    '{"category":"AdvancedHunting-DeviceNetworkEvents","properties":{"Timestamp":"2026-11-20T09:14:33Z","DeviceId":"d","ReportId":7,"ActionType":"ConnectionSuccess","LocalIP":"10.0.0.1","RemoteIP":"203.0.113.9","RemotePort":443}}',
  );
  await tabTo(page, '#map');
  await page.keyboard.press('Enter');
  await page.locator('#tried-records .beside').waitFor();
  expect((await page.locator('#tried').innerText()).startsWith('1 record in 1 message: 1 row'), 'It is no row.');
  await tabTo(page, '#tried-records button');
  await page.keyboard.press('Enter');
  await page.locator('#record-content .beside').waitFor();
  const port = page.locator('#record-content tr', { has: page.locator('th', { hasText: /^DstPortNumber$/ }) });
  const text = await port.innerText();
  expect(text.includes('443') && text.includes('RemotePort = 443'), `DstPortNumber: ${text}`);
  await tabTo(page, 'button:has-text("RemotePort = 443")');
  await page.keyboard.press('Enter');
  expect((await focused(page)) === 'RemotePort', 'The source does not lead to its field.');
  await page.keyboard.press('Escape');
  expect((await focused(page)) === 'Record 1', 'Closing does not lead back to the record.');
}

async function rowBesideRecord(page: Page): Promise<void> {
  await page.locator('#row-list button').first().click();
  await page.locator('#record-content .beside').waitFor();
  const content = await page.locator('#record-content').innerText();
  for (const part of ['The record', 'Its row, and why', 'EventUid', 'DeviceId', 'Position: ']) {
    expect(content.includes(part), `The open row does not show "${part}".`);
  }
  await page.keyboard.press('Escape');
}

async function filters(page: Page): Promise<void> {
  const all = await page.locator('#found').innerText();
  const choose = async (id: string, label: RegExp): Promise<void> => {
    const option = page.locator(`#${id} option`).filter({ hasText: label }).first();
    await page.locator(`#${id}`).selectOption((await option.getAttribute('value')) ?? '');
  };
  await choose('actionType', /^ConnectionSuccess /);
  await choose('direction', /^Outbound /);
  await choose('result', /^Success /);
  await page.waitForFunction(`document.querySelector('#found').textContent !== ${JSON.stringify(all)}`);
  const rows = await page.locator('#row-list tbody tr').allInnerTexts();
  expect(rows.length > 0, 'No row is left.');
  const isOther = rows.find((row) => !/ConnectionSuccess/.test(row) || !/Outbound/.test(row) || !/Success/.test(row));
  expect(isOther === undefined, `This row does not match: ${isOther}`);
  await page.locator('#text').fill('no row holds this text');
  await page.locator('#row-list tbody').waitFor({ state: 'detached' });
  await page.locator('#text').fill('');
  for (const id of ['actionType', 'direction', 'result']) await page.locator(`#${id}`).selectOption('');
  await page.locator('#row-list tbody').waitFor();
}

async function hostileText(page: Page): Promise<void> {
  await page.locator('#text').fill('hostile-device');
  const opener = page.locator('#row-list button').first();
  await page.locator('#row-list', { hasText: 'Evil' }).waitFor();
  await opener.click();
  await page.locator('#record-content .beside').waitFor();
  const content = await page.locator('#record-content').innerText();
  expect(content.includes(longNumber), 'The long number is not exact.');
  expect(content.includes(markup), 'The markup is not shown as text.');
  expect(content.includes(String.raw`\u202e`), 'The character that turns text around is not spelt out.');
  expect(!content.includes('\u202e'), 'The character that turns text around is on the page.');
  await page.keyboard.press('Escape');
  await page.locator('#text').fill('');
  await page.locator('#pasted').fill(hostileMessage());
  await page.locator('#map').click();
  await page.locator('#tried-records button').first().waitFor();
  expect((await page.evaluate('globalThis.hit')) === undefined, 'A script of the record ran.');
  expect(
    (await page.locator('main img, main script, dialog img').count()) === 0,
    'Markup of the record became elements.',
  );
}

async function deadLetterCommands(page: Page): Promise<void> {
  const button = page.locator('#letter-list button[aria-expanded]').first();
  await button.click();
  const text = await page.locator('#letter-list li').first().innerText();
  expect(/npm run replay -- send --id \S+ --settings \S+local\.settings\.json/.test(text), `The letter shows: ${text}`);
  await button.click();
}

async function files(page: Page): Promise<void> {
  const buffer = Buffer.from('{"category":"AdvancedHunting-DeviceInfo","properties":{}}\n{"broken":');
  await page.locator('#file').setInputFiles({ name: 'two.ndjson', mimeType: 'application/json', buffer });
  await page.locator('#tried', { hasText: '2 records in 2 messages: 0 rows, 1 skipped' }).waitFor();
  const large = { name: 'large.json', mimeType: 'application/json', buffer: Buffer.alloc(5_000_000, 0x20) };
  await page.locator('#file').setInputFiles(large);
  await page.locator('#tried', { hasText: 'Nothing was mapped: More than 4194304 bytes' }).waitFor();
  const form = "const data = new DataTransfer(); data.items.add(new File(['5'], 'five.json'));";
  await page.evaluate(
    `${form} document.querySelector('#drop').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true }))`,
  );
  await page.locator('#tried', { hasText: '1 dead letter' }).waitFor();
}

async function noSidewaysScroll(page: Page): Promise<void> {
  const measure = 'document.documentElement.scrollWidth - window.innerWidth';
  const tooWide = Number(await page.evaluate(measure));
  expect(tooWide <= 0, `The page is ${tooWide} pixels too wide.`);
  await page.locator('#row-list button').first().click();
  await page.locator('#record-content .beside').waitFor();
  const inside = 'document.querySelector("dialog").scrollWidth - document.querySelector("dialog").clientWidth';
  const tooWideInside = Number(await page.evaluate(inside));
  expect(tooWideInside <= 0, `The open row is ${tooWideInside} pixels too wide.`);
  await page.keyboard.press('Escape');
}

async function axe(page: Page): Promise<void> {
  await page.evaluate(await readFile(require.resolve('axe-core/axe.min.js'), 'utf8'));
  await noViolation(page);
  await page.locator('#row-list button').first().click();
  await page.locator('#record-content .beside').waitFor();
  await noViolation(page);
  await page.keyboard.press('Escape');
}

async function noViolation(page: Page): Promise<void> {
  const found: unknown = await page.evaluate(
    'axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`)))',
  );
  const violations = Array.isArray(found) ? found.map(String) : [String(found)];
  expect(violations.length === 0, violations.slice(0, 10).join('\n'));
}

/** More than the page has places for the keyboard before any that a check looks for. */
const mostTabs = 400;

async function tabTo(page: Page, selector: string): Promise<void> {
  for (let i = 0; i < mostTabs; i++) {
    await page.keyboard.press('Tab');
    if (await page.locator(`${selector}:focus`).count()) return;
  }
  throw new Error(`Tab never leads to ${selector}.`);
}

async function focused(page: Page): Promise<string> {
  return page.locator(':focus').first().innerText();
}
