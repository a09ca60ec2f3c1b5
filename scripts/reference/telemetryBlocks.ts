import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { bucketBounds, catalogue, dimensions, type Metric } from '../../shared/telemetry/catalogue';
import { code, codes, paragraphs, table } from './markdown';

const queries = resolve(__dirname, '..', '..', 'infra', 'queries', 'telemetry');

/** Questions of an operator, and the file with the query that answers each. */
const questions = [
  ['How many records came, and where did each go?', 'records'],
  ['Why were these dead-lettered?', 'dead-letters'],
  ['Is a partition held, since when, why?', 'held'],
  ['How late are rows?', 'delay'],
  ['What changed in the schema?', 'schema'],
  ['What did throttling cost?', 'throttling'],
  ['What do the settings that send less save?', 'saved'],
  ['How far behind is each partition?', 'backlog'],
  ['What happened in the batches that were held?', 'batch'],
] as const;

/** The generated blocks of `docs/telemetry.md`: metrics, dimensions and queries. */
export function telemetryBlocks(): Readonly<Record<'metrics' | 'dimensions' | 'queries', string>> {
  return {
    metrics: table(
      ['Metric', 'Kind', 'Unit', 'Dimensions', 'What is counted, and when'],
      Object.values<Metric>(catalogue).map(({ name, kind, unit, dimensions: own, description }) => [
        code(name),
        kind,
        code(unit),
        codes(own),
        description,
      ]),
    ),
    dimensions: paragraphs(
      table(
        ['Dimension', 'Values'],
        Object.entries(dimensions).map(([name, values]) => [code(name), values]),
      ),
      `Buckets of a distribution, in seconds: ${bucketBounds.join(', ')}, +Inf.`,
    ).trimEnd(),
    queries: questions
      .map(([question, file]) => {
        const kql = readFileSync(resolve(queries, `${file}.kql`), 'utf8').trimEnd();
        return `### ${question}\n\n\`infra/queries/telemetry/${file}.kql\`\n\n\`\`\`kusto\n${kql}\n\`\`\``;
      })
      .join('\n\n'),
  };
}
