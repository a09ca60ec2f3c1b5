import { withBlock } from '../reference/generatedBlock';
import { code, codes, table } from '../reference/markdown';
import { type AsimColumns, sessionColumns } from './asimColumns';
import { addedColumns, aliases } from './parserColumns';

/** Columns of ASimNetworkSessionLogs that no row has, and why. */
export const neverFilled: Readonly<Record<string, readonly string[]>> = {
  "the schema's list is Start and End; Defender does not say which": ['EventSubType', 'EventOriginalSubType'],
  'Defender sends none': ['EventOriginalSeverity', 'EventProductVersion', 'EventReportUrl'],
  'not on these events': [
    'DvcDescription',
    'DvcInboundInterface',
    'DvcInterface',
    'DvcMacAddr',
    'DvcOs',
    'DvcOsVersion',
    'DvcOutboundInterface',
    'DvcSubscriptionId',
    'DvcZone',
    'NetworkConnectionHistory',
    'NetworkIcmpCode',
    'NetworkIcmpType',
    'NetworkRuleNumber',
  ],
  'not on these events; the MAC addresses of packet rows are in the Bag': [
    'XDescription',
    'XDeviceType',
    'XInterfaceGuid',
    'XInterfaceName',
    'XMacAddr',
    'XOriginalUserType',
    'XSubscriptionId',
    'XVlanId',
    'XZone',
  ],
  'an endpoint knows neither its location nor NAT': [
    'XGeoCity',
    'XGeoCountry',
    'XGeoLatitude',
    'XGeoLongitude',
    'XGeoRegion',
    'XNatIpAddr',
    'XNatPortNumber',
  ],
  'only the category is known': [
    'ThreatConfidence',
    'ThreatField',
    'ThreatFirstReportedTime',
    'ThreatId',
    'ThreatIpAddr',
    'ThreatIsActive',
    'ThreatLastReportedTime',
    'ThreatName',
    'ThreatOriginalConfidence',
    'ThreatOriginalRiskLevel',
    'ThreatRiskLevel',
  ],
  'set by Sentinel': [
    'AdditionalEntities',
    'DvcEntityKey',
    'XApplicationEntityKey',
    'XSystemEntityKey',
    'XUserEntityKey',
  ],
};

/** docs/asim.md with its tables of columns. */
export function asimReference(current: string): string {
  const never = Object.entries(neverFilled).map(([why, columns]) => [codes(columns), why]);
  const blocks: Readonly<Record<string, string>> = {
    columns: madeFrom(sessionColumns),
    added: madeFrom([...addedColumns, ...aliases]),
    never: table(['columns', 'why'], never),
  };
  return Object.entries(blocks).reduce((text, [name, block]) => withBlock(text, name, block), current);
}

function madeFrom(columns: readonly AsimColumns[]): string {
  const rows = columns.map(({ values, from }) => [Object.keys(values).map(code).join(', '), from]);
  return table(['column', 'made from'], rows);
}
