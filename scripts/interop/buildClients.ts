import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../cli/common/exit';
import type { Child, Children, Ended } from './child';

const oldestSdk = 10;

/** No telemetry, no greeting, and no server that outlives the build. */
const quietly = {
  DOTNET_CLI_TELEMETRY_OPTOUT: '1',
  DOTNET_NOLOGO: '1',
  DOTNET_GENERATE_ASPNET_CERTIFICATE: 'false',
  DOTNET_CLI_USE_MSBUILD_SERVER: '0',
  MSBUILDDISABLENODEREUSE: '1',
};

/** The version of the .NET SDK on PATH. */
export async function dotnetVersion(children: Children): Promise<string> {
  const install = `Install the .NET SDK ${oldestSdk} or newer (https://dotnet.microsoft.com/download) and try again.`;
  const { code, stdout, stderr } = await children
    .start('dotnet', ['--version'], { environment: quietly })
    .ended.catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') throw new UsageError(`There is no program "dotnet" on PATH. ${install}`);
      throw error;
    });
  const version = stdout.trim();
  if (code !== 0) throw new UsageError(`"dotnet --version" ended with code ${code}: ${stderr.trim()}\n${install}`);
  if (Number.parseInt(version, 10) >= oldestSdk) return version;
  throw new UsageError(`"dotnet" on PATH is the SDK ${version}. ${install}`);
}

const parameters = [
  'build',
  '--configuration=Release',
  '--verbosity=quiet',
  '--nologo',
  '-nodeReuse:false',
  '-property:RestoreLockedMode=true',
  '-property:UseSharedCompilation=false',
];

/** Builds the program of `source` with the packages that its lock file names, and no others; returns its path. */
export async function buildProgram(children: Children, source: string, out: string): Promise<string> {
  const child = children.start('dotnet', parameters, { directory: source, environment: quietly });
  await done('building packages/azure-emulators/test/interop with dotnet', child);
  return join(out, 'bin', 'Interop.dll');
}

const lockFile = 'package-lock.json';

/** Installs the storage emulator in `out` unless the locked version is already there; returns the path of its program. */
export async function installStorage(children: Children, source: string, out: string): Promise<string> {
  const directory = join(out, 'storage');
  const program = join(directory, 'node_modules', 'azurite', 'dist', 'src', 'blob', 'main.js');
  const installed = join(directory, 'installed');
  const wanted = await readFile(join(source, lockFile), 'utf8');
  if (existsSync(program) && existsSync(installed) && (await readFile(installed, 'utf8')) === wanted) return program;
  await mkdir(directory, { recursive: true });
  for (const name of ['.npmrc', 'package.json', lockFile]) await copyFile(join(source, name), join(directory, name));
  const { npm_execpath: npm } = process.env;
  const child =
    npm === undefined
      ? children.start('npm', ['ci'], { directory })
      : children.start(process.execPath, [npm, 'ci'], { directory });
  await done('installing the packages of packages/azure-emulators/test/interop with npm ci', child);
  await writeFile(installed, wanted); // last, so that an interrupted install is repeated
  return program;
}

async function done(what: string, child: Child): Promise<Ended> {
  const ended = await child.ended;
  if (ended.code === 0) return ended;
  const said = `${ended.stdout}\n${ended.stderr}`.trim().split('\n').slice(-20).join('\n');
  throw new UsageError(`${what} failed (${ended.code === null ? 'it was killed' : `code ${ended.code}`}):\n${said}`);
}
