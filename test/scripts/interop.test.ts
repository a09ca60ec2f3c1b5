import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programOf, root } from '../programs';

interface Ended {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

function interop(args: readonly string[], path: string): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { ...process.env, PATH: path, Path: path };
    execFile(process.execPath, [programOf('interop'), ...args], { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

// What it does with a .NET SDK is the run itself, in the gate. Here it never comes to one.
describe('npm run interop', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'interop-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('without dotnet it says what is missing and ends with 2', async () => {
    expect(await interop([], folder)).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'There is no program "dotnet" on PATH. Install the .NET SDK 10 or newer (https://dotnet.microsoft.com/download) and try again.\n',
    });
  });

  const onUnix = process.platform === 'win32' ? test.skip : test;

  onUnix.each([
    ['an SDK that is too old is named', 'echo 8.0.404', /"dotnet" on PATH is the SDK 8\.0\.404\. Install/],
    [
      'for a dotnet without an SDK the error quotes its message',
      'echo "No .NET SDKs were found." >&2; exit 155',
      /"dotnet --version" ended with code 155: No \.NET SDKs were found\.\nInstall/,
    ],
  ])('%s', async (_title, script, message) => {
    const dotnet = join(folder, 'dotnet');
    await writeFile(dotnet, `#!/bin/sh\n${script}\n`);
    await chmod(dotnet, 0o755);
    const { code, stderr } = await interop([], folder);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  test('a check that does not exist is named, with those that do', async () => {
    const { code, stderr } = await interop(['send', 'recieve'], folder);
    expect(stderr).toMatch(/^There is no check "recieve"\.\nUsage: npm run interop/);
    expect(stderr).toContain('properties, send, receive, epoch, balance, identity, retry');
    expect(code).toBe(2);
  });
});
