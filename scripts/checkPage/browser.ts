import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { UsageError } from '../../cli/common/exit';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Starts the Chromium that is installed. @throws UsageError if there is none. */
export async function launchBrowser(): Promise<Browser> {
  const program = process.env['CHROMIUM'] ?? installed();
  if (program === undefined) {
    throw new UsageError(
      `No Chromium was found (${names.join(', ')}). Install it (Debian: apt-get install chromium), or name its program in CHROMIUM.`,
    );
  }
  // As root it does not start inside its sandbox.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: program, args });
}

function installed(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
