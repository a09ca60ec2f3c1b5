import { filteringParameters } from '../../cli/doctor/asim/sentinelNames';
import { readText } from '../kql/queryFiles';
import { platform, stream, workspaceTables } from '../kql/tableSchemas';
import { helperSteps, sessionValues, valueFunctions } from './asimTransform';
import { addedColumns, aliases, aliasHelpers } from './parserColumns';
import { comment, extend, projectAway, textOf, valuesOf } from './renderKql';

/** The functions that a deployment saves, by name. */
const filteringParser = 'vimNetworkSessionMicrosoftDefenderStream';
const plainParser = 'ASimNetworkSessionMicrosoftDefenderStream';
const allSessions = 'NetworkSessionsAll';

const added = valuesOf(addedColumns);
const stored = valuesOf(addedColumns.map(({ stored: values, from }) => ({ values, from })));
const aliasSteps = [extend(aliasHelpers), extend(valuesOf(aliases))];
const generated = 'Generated from scripts/asim/ by `npm run generate`. Do not edit.';

/** The columns of a session, as every parser returns them, beside those that Log Analytics adds. */
const parserColumns: ReadonlySet<string> = new Set(
  [sessionValues, added, valuesOf(aliases)].flatMap(Object.keys).concat('ASimMatchingIpAddr', 'ASimMatchingHostname'),
);

function without(columns: readonly string[], helpers: readonly string[]): string {
  return projectAway([...new Set([...columns, ...helpers])].filter((name) => !parserColumns.has(name)));
}

const matchingHostname = extend({
  SrcNameIsHit: 'SrcHostname has_any (hostname_has_any) or SrcFQDN has_any (hostname_has_any)',
  DstNameIsHit: 'DstHostname has_any (hostname_has_any) or DstFQDN has_any (hostname_has_any)',
});
const hostnameFilter = `| extend ASimMatchingHostname = case(
    array_length(hostname_has_any) == 0, "-",
    SrcNameIsHit and DstNameIsHit, "Both",
    SrcNameIsHit, "SrcHostname",
    DstNameIsHit, "DstHostname",
    "No match")
| where ASimMatchingHostname != "No match"`;
const filterHelpers = ['SrcIsHit', 'DstIsHit', 'SrcNameIsHit', 'DstNameIsHit'];

/** The parser that _Im_NetworkSession can call. */
function filteringBody(): string {
  const columns = Object.keys(stream.tables[0]?.columns ?? {});
  const { AdditionalFields = '' } = sessionValues;
  return textOf(
    comment(
      'Sessions of NetworkSessions_CL in ASIM (NetworkSession 0.2.7) that pass the filters; AdditionalFields only with pack=true.',
      'Copies of redelivered rows are kept: EventUid is the same in each. docs/sentinel.md says how to use it.',
      generated,
    ),
    valueFunctions,
    readText('scripts/asim/filters.kql'),
    ...helperSteps.map(extend),
    // pack is a parameter here; bag_pack is the same function.
    extend({ ...sessionValues, ...added, AdditionalFields: `iff(pack, ${asBagPack(AdditionalFields)}, dynamic([]))` }),
    matchingHostname,
    hostnameFilter,
    ...aliasSteps,
    without(columns, [...helperSteps.flatMap(Object.keys), ...filterHelpers, ...Object.keys(aliasHelpers)]),
  );
}

function asBagPack(value: string): string {
  return value.replaceAll(/\bpack\(/g, 'bag_pack(');
}

/** The parser that _ASim_NetworkSession can call. */
function plainBody(): string {
  return textOf(
    comment(
      'Sessions of NetworkSessions_CL in ASIM (NetworkSession 0.2.7), without filters; AdditionalFields only with pack=true.',
      generated,
    ),
    `${filteringParser}(disabled=disabled, pack=pack)`,
  );
}

/** Both destinations in the shape of the parsers. */
function allBody(): string {
  const table = workspaceTables().find(({ name }) => name === 'ASimNetworkSessionLogs');
  const columns = Object.keys(table?.columns ?? {}).filter((name) => !(name in platform));
  return textOf(
    comment(
      'The sessions of this app in ASIM (NetworkSession 0.2.7), with AdditionalFields, from each table that it can write to: columns are',
      'the same for both, and Type names the table. Copies of redelivered rows are kept: EventUid is the same in each.',
      generated,
    ),
    'union isfuzzy=true',
    `    (${filteringParser}(starttime=starttime, endtime=endtime, pack=true)),`,
    `    (${textOf(
      tableOfAsim,
      extend({ Bag: 'AdditionalFields.Defender', ASimMatchingIpAddr: '"-"', ASimMatchingHostname: '"-"' }),
      extend(stored),
      ...aliasSteps,
      without(columns, ['Bag', ...Object.keys(aliasHelpers)]),
    )
      .trim()
      .replaceAll('\n', '\n    ')})`,
  );
}

const tableOfAsim = `ASimNetworkSessionLogs
| where isnull(starttime) or TimeGenerated >= starttime
| where isnull(endtime) or TimeGenerated <= endtime
| where EventVendor == "Microsoft" and EventProduct == "M365 Defender for Endpoint"
| where isnotempty(AdditionalFields.EventUid)`;

function parametersOf(...names: readonly string[]): string {
  return names.map((name) => `${name}:${filteringParameters[name] ?? ''}`).join(',');
}

/** Body and parameters of each saved function. */
export const parsers: Readonly<Record<string, { readonly body: () => string; readonly parameters: string }>> = {
  [filteringParser]: { body: filteringBody, parameters: parametersOf(...Object.keys(filteringParameters)) },
  [plainParser]: { body: plainBody, parameters: parametersOf('disabled', 'pack') },
  [allSessions]: { body: allBody, parameters: parametersOf('starttime', 'endtime') },
};
