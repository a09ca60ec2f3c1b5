import { aggregatedSuffix } from '../../shared/transform/actions';
import { secondSources } from '../../shared/transform/secondSources';
import { timeBases } from '../../shared/transform/timeSpan';
import { code, codes, paragraphs, table } from './markdown';

/** Rows that stand for many events. */
export const aggregatedSection = paragraphs(
  '## Aggregated reports',
  `With [aggregated reporting](https://learn.microsoft.com/defender-endpoint/aggregated-reporting), an option in Defender's advanced features, one row per hour stands for many events. Its action type ends in ${code(aggregatedSuffix)}. Source, destination, direction, result and application protocol are those of the action type without the suffix, in both tables and for any action type.`,
  [
    '- EventCount is `uniqueEventsAggregated`. If that is missing, or not a whole number from 1 to 2,147,483,647, it is 1.',
    '- A report stands for one initiating process name, source address, remote address and remote port. So the port of the Local end means nothing: it is absent if Local is the source, and never decides which end is the server.',
    '- Ordinary rows may cover the same hour. A sum over both can count an event twice: count reports and ordinary rows separately, by EventSubType.',
    '- EventStartTime and EventEndTime span an hour. Microsoft documents neither its start nor its end; `TimeBasis` says which of the two the app took Timestamp for.',
  ].join('\n'),
  '`AdditionalFields.TimeBasis` is present if a start or an end is calculated:',
  table(
    ['TimeBasis', 'Meaning'],
    Object.entries(timeBases).map(([basis, meaning]) => [code(basis), meaning]),
  ),
).trimEnd();

/** Second sources of columns. */
export const secondSourcesSection = paragraphs(
  '### If a column is empty',
  "The same fact may be in Defender's own AdditionalFields, as in rows of the firewall, of network protection and of internet scans. A column with a value takes precedence. The first key with a value is used, in upper or lower case:",
  table(
    ['Column', 'Keys of AdditionalFields'],
    Object.entries(secondSources).map(([column, keys]) => [code(column), codes(keys)]),
  ),
  [
    '- `Uri` is a path on inspected HTTP rows, so RemoteUrl has no second source on inspected rows. `Protocol` there counts only if it is the name or number of a transport protocol.',
    '- `203.0.113.1:443` and `[2001:db8::9]:443` are an address and a port. The port is used if neither the column of the port nor its second source has one.',
    '- AdditionalFields may be an object, its JSON text, that text encoded once more, or a list with only one of these. From truncated or damaged text, the whole keys are used; DetailRaw keeps the text.',
  ].join('\n'),
).trimEnd();
