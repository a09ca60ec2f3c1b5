import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The bundle that every Functions app of this kind names. */
export const bundle = { id: 'Microsoft.Azure.Functions.ExtensionBundle', version: '[4.*, 5.0.0)' };

const repository = join(__dirname, '..', '..', '..', '..', '..');
const folders: string[] = [];

/** A folder of the system's own for one test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'functions-host-'));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A built app on disk, whose `@azure/functions` is the repository's. Content that is no text is written as JSON. */
export function writeApp(files: Readonly<Record<string, unknown>>): string {
  const folder = newFolder();
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'), 'junction');
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}
