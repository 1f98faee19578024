// Opens the HTML report in a real browser: no error, no request, no element that the template did
// not make, filters that work, and no fault that axe finds.
//
// usage: node check.mjs PROGRAM [DIRECTORY FOR SCREENSHOTS]
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { pages } from './scenes.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SIZES = { wide: { width: 1280, height: 900 }, phone: { width: 360, height: 740 } };
// All that the template writes.
const ELEMENTS = new Set(
  ('html head meta title style body header p h1 h2 h3 h4 code main section nav ol ul li a span div ' +
    'label input select option fieldset legend pre mark details summary table thead tbody tr th td ' +
    'small footer script').split(' '),
);
const ATTRIBUTES = new Set(
  ('lang charset http-equiv content name class id aria-labelledby aria-label href role hidden for type ' +
    'autocomplete spellcheck value checked data-severity data-file scope').split(' '),
);

const [program, shots] = process.argv.slice(2);
assert(program, 'usage: node check.mjs PROGRAM [DIRECTORY]');
if (shots) mkdirSync(shots, { recursive: true });
const root = mkdtempSync(join(tmpdir(), 'samegoal-lint-html-'));
const browser = await chromium.launchPersistentContext(join(root, 'profile'), {
  executablePath: '/usr/bin/chromium',
  headless: true,
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
  ],
});
let passed = 0;

/** Opens a page, lets `test` look at it, and wants it to have been quiet. */
async function visit(file, { size, scheme, javaScript = true }, test) {
  const page = await browser.newPage();
  const url = pathToFileURL(file).href;
  const noise = [];
  page.on('console', (message) => noise.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => noise.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => { noise.push('dialog'); dialog.dismiss(); });
  page.on('request', (request) => { if (request.url() !== url) noise.push(request.url()); });
  await page.setViewportSize(SIZES[size]);
  await page.emulateMedia({ colorScheme: scheme });
  if (!javaScript) {
    const session = await browser.newCDPSession(page);
    await session.send('Emulation.setScriptExecutionDisabled', { value: true });
  }
  await page.goto(url);
  await test(page);
  assert.deepEqual(noise, [], `${file} is not quiet`);
  await page.close();
  passed += 1;
}

/** Wants no fault by axe. It is put in from outside, past the policy of the page. */
async function accessible(page, name) {
  const session = await browser.newCDPSession(page);
  const evaluate = async (expression) => {
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression, awaitPromise: true, returnByValue: true,
    });
    assert(!exceptionDetails, JSON.stringify(exceptionDetails));
    return result.value;
  };
  await evaluate(`${AXE}; undefined`);
  const faults = await evaluate(
    `axe.run().then((found) => found.violations.map((it) =>
      it.id + ': ' + it.nodes.map((node) => node.html + ' ' + node.failureSummary).join(' | ')))`,
  );
  assert.deepEqual(faults, [], name);
}

const all = pages(resolve(program), root);
for (const [name, file] of Object.entries(all)) {
  for (const size of Object.keys(SIZES)) {
    for (const scheme of ['light', 'dark']) {
      await visit(file, { size, scheme }, async (page) => {
        for (const details of await page.locator('details').all()) {
          await details.evaluate((element) => { element.open = true; });
        }
        await accessible(page, `${name} ${size} ${scheme}`);
        const over = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.equal(over, 0, `${name} ${size} is wider than the screen`);
        if (shots) {
          await page.evaluate(() => document.querySelectorAll('details').forEach((it) => { it.open = false; }));
          const height = await page.evaluate(() => document.documentElement.scrollHeight);
          await page.setViewportSize({ ...SIZES[size], height: Math.min(height, 2200) });
          await page.screenshot({ path: join(shots, `${name}-${size}-${scheme}.png`) });
        }
      });
    }
  }
}

for (const name of ['hostile-show', 'hostile-mask']) {
  await visit(all[name], { size: 'wide', scheme: 'light' }, async (page) => {
    const made = await page.evaluate(() =>
      [...document.querySelectorAll('*')].flatMap((element) => [
        element.localName, ...element.getAttributeNames().map((attribute) => `@${attribute}`),
      ]));
    const strange = made.filter((it) => !(it.startsWith('@') ? ATTRIBUTES.has(it.slice(1)) : ELEMENTS.has(it)));
    assert.deepEqual(strange, [], name);
    assert.equal(await page.locator('script').count(), 1);
    assert.equal(await page.locator('style').count(), 1);
    assert.match(await page.locator('body').textContent(), name.endsWith('show') ? /<script>alert/ : /./);
  });
}

await visit(all['many-show'], { size: 'wide', scheme: 'light' }, async (page) => {
  const shown = () => page.locator('.findings > li:not(.more):not([hidden])').count();
  const inSight = () => page.locator('.findings > li:not(.more):visible').count();
  const status = page.locator('#shown');
  const every = await shown();
  assert(every > 100 && await inSight() < every, `${every} findings`);
  assert.equal(await status.textContent(), `All ${every} findings are shown.`);
  await page.getByLabel('Search').fill('13/31/2014');
  assert.equal(await shown(), 1);
  assert.equal(await status.textContent(), `1 of ${every} findings are shown.`);
  assert.equal(await page.locator('.cause:visible').count(), 1);
  await page.getByLabel('Search').fill('students.csv:99:');
  assert.deepEqual([await shown(), await inSight()], [1, 1], 'what is found is unfolded');
  await page.getByLabel('Search').fill('no such thing');
  assert.equal(await shown(), 0);
  await page.getByLabel('Search').fill('');
  await page.getByLabel('Warning').uncheck();
  const without = await shown();
  assert(without > 0 && without < every);
  await page.getByLabel('Warning').check();
  const file = page.getByLabel('File', { exact: true });
  await file.selectOption({ label: '20260105-020000/guardians.csv' });
  const places = await page.locator('.findings > li:visible .place').allTextContents();
  assert(places.length > 0 && places.every((place) => place.includes('guardians.csv')), `${places}`);
  await file.selectOption('');
  assert.equal(await shown(), every);
  // By keyboard alone.
  await page.getByLabel('Search').focus();
  await page.keyboard.type('duplicate');
  assert(await shown() < every);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'file');
});

await visit(all['many-show'], { size: 'wide', scheme: 'light', javaScript: false }, async (page) => {
  assert.equal(await page.locator('#filter:visible').count(), 0);
  await page.locator('.repeats > summary').first().click();
  assert(await page.locator('.findings > li:visible').count() > 50);
});

await visit(all['many-mask'], { size: 'wide', scheme: 'dark' }, async (page) => {
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  assert.equal(await page.locator('#filter:visible').count(), 0);
  const [ink, paper] = await page.evaluate(() => {
    const style = getComputedStyle(document.body);
    return [style.color, style.backgroundColor];
  });
  assert.deepEqual([ink, paper], ['rgb(0, 0, 0)', 'rgb(255, 255, 255)']);
  if (shots) await page.pdf({ path: join(shots, 'many-mask.pdf'), format: 'Letter' });
});

await browser.close();
rmSync(root, { recursive: true });
console.log(`${passed} passed, 0 failed`);
