import { aggregatedSuffix } from '../../shared/transform/actions';
import { secondSources } from '../../shared/transform/secondSources';
import { timeBases } from '../../shared/transform/span';
import { code, codes, paragraphs, table } from './markdown';

/** Rows that stand for many events. */
export const aggregatedSection = paragraphs(
  '## Aggregated reports',
  `With [aggregated reporting](https://learn.microsoft.com/defender-endpoint/aggregated-reporting), a switch of Defender's advanced features, one row an hour stands for many events. Its action type ends in ${code(aggregatedSuffix)}. Source, destination, direction, result and application protocol are those of the action type before the suffix, in both tables and for any action type.`,
  [
    '- EventCount is `uniqueEventsAggregated`. Where that is missing, or no whole number from 1 to 2,147,483,647, it is 1.',
    '- A report stands for one initiating process name, source address, remote address and remote port. So the port of the Local end means nothing: it is absent where Local is the source, and never decides who the server is.',
    '- Ordinary rows about the same hour may come as well. A sum over both can count an event twice: count reports and ordinary rows apart, by EventSubType.',
    '- EventStartTime and EventEndTime span an hour. Microsoft documents neither its start nor its end; `TimeBasis` says which end Timestamp was taken for.',
  ].join('\n'),
  '`AdditionalFields.TimeBasis` is there where a start or an end is calculated:',
  table(
    ['TimeBasis', 'Meaning'],
    Object.entries(timeBases).map(([basis, meaning]) => [code(basis), meaning]),
  ),
).trimEnd();

/** What is read where, beside the column of the same name. */
export const secondSourcesSection = paragraphs(
  '### Where a column is empty',
  "The same fact may stand in Defender's own AdditionalFields: rows of the firewall, of network protection and of internet scans do so. A column that says something counts more. The first key that says something is read, in any case of its letters:",
  table(
    ['Column', 'Keys of AdditionalFields'],
    Object.entries(secondSources).map(([column, keys]) => [code(column), codes(keys)]),
  ),
  [
    '- `Uri` is a path on inspected HTTP rows, so RemoteUrl has no second source on inspected rows. `Protocol` there counts only when it is the name or the number of a transport protocol.',
    '- `203.0.113.1:443` and `[2001:db8::9]:443` are an address and a port. The port is used where the column of the port, and its second source, give none.',
    '- AdditionalFields may be an object, its text, that text encoded once more, or a list that holds one of these alone. Of a text that is cut off or damaged, the keys that are whole are used; DetailRaw keeps the text.',
  ].join('\n'),
).trimEnd();
