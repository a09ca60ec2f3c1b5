import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { reasonOf } from '../../common/errorText';
import { UsageError } from '../../common/exit';
import { type NewFunction, ownCategory } from './savedFunctions';
import { type Parser, parsers } from './sentinelNames';

const root = resolve(__dirname, '../../..');

/** The app's parsers as the template deploys them. @throws UsageError when a file is missing */
export async function parsersOfThisFolder(): Promise<readonly NewFunction[]> {
  return Promise.all(parsers.map(parserOf));
}

async function parserOf({ name }: Parser): Promise<NewFunction> {
  const [query, parameters] = await Promise.all([
    fileText(`infra/functions/${name}.kql`),
    fileText(`infra/functions/${name}.parameters.txt`),
  ]);
  return { name, alias: name, category: ownCategory, parameters: parameters.trim(), query: withoutComments(query) };
}

/** A text of this folder. @throws UsageError */
export async function fileText(file: string): Promise<string> {
  try {
    return (await readFile(join(root, file), 'utf8')).replaceAll('\r\n', '\n');
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${reasonOf(error)}). Run the command in the folder of the app.`);
  }
}

/** As `withoutComments` in infra/types.bicep, so that the template and this command write the same text. */
function withoutComments(text: string): string {
  const lines = text.split('\n').filter((line) => !line.trim().startsWith('//'));
  return lines.join('\n').trim();
}
