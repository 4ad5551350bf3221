import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

/** Where the pictures of pages are kept, as an output of the tests. */
export const pictures = new URL('../../dist/pictures/', import.meta.url).pathname;

const japanese = dirname(
  createRequire(import.meta.url).resolve('@expo-google-fonts/biz-udgothic/400Regular/BIZUDGothic_400Regular.ttf'),
);

/** A headless browser that can write Japanese, whatever fonts the machine has. */
export async function startBrowser(args: readonly string[] = []): Promise<Browser> {
  mkdirSync(pictures, { recursive: true });
  const executablePath = await chromium.executablePath();
  const fonts = mkdtempSync(join(tmpdir(), 'tsunagi-fonts-'));
  const file = join(fonts, 'fonts.conf');
  writeFileSync(
    file,
    `<fontconfig><dir>${join(tmpdir(), 'fonts')}</dir><dir>${japanese}</dir><cachedir>${fonts}</cachedir></fontconfig>`,
  );
  const browser = await playwright.launch({
    executablePath,
    args: [...chromium.args, ...args],
    headless: true,
    env: { ...process.env, FONTCONFIG_FILE: file },
  });
  browser.on('disconnected', () => rmSync(fonts, { recursive: true, force: true }));
  return browser;
}
