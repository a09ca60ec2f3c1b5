/**
 * How Sentinel finds the app's rows in NetworkSessions_CL. Its built-in parsers, `_Im_NetworkSession` and
 * `_ASim_NetworkSession`, call a function of the workspace by a fixed name, if there is one: the hook. A workspace has one hook
 * of each name for the parsers of all sources.
 */
export interface Parser {
  /** The app's parser, and the name of its files in infra/functions. */
  readonly name: string;
  readonly hook: string;
  readonly builtIn: string;
  /** The union of all sources where it was deployed into the workspace by hand; it does not call the hook. */
  readonly deployedUnion: string;
  /** Microsoft's parser of ASimNetworkSessionLogs in that union. */
  readonly native: string;
  /** The hook's parameters in Microsoft's order, each with its default; the app's parser takes the same. */
  readonly parameters: Readonly<Record<string, string>>;
}

const switches = { disabled: 'bool=False', pack: 'bool=false' };

/** The parameters of ASIM's filtering parsers, in the order of the signature. */
export const filteringParameters: Readonly<Record<string, string>> = {
  starttime: 'datetime=datetime(null)',
  endtime: 'datetime=datetime(null)',
  srcipaddr_has_any_prefix: 'dynamic=dynamic([])',
  dstipaddr_has_any_prefix: 'dynamic=dynamic([])',
  ipaddr_has_any_prefix: 'dynamic=dynamic([])',
  dstportnumber: 'int=int(null)',
  hostname_has_any: 'dynamic=dynamic([])',
  dvcaction: 'dynamic=dynamic([])',
  eventresult: "string='*'",
  ...switches,
};

/** The second parser calls the first. Source: https://learn.microsoft.com/azure/sentinel/normalization-manage-parsers (2026-10-08). */
export const parsers: readonly Parser[] = [
  {
    name: 'vimNetworkSessionMicrosoftDefenderStream',
    hook: 'Im_NetworkSessionCustom',
    builtIn: '_Im_NetworkSession',
    deployedUnion: 'imNetworkSession',
    native: 'vimNetworkSessionNative',
    parameters: filteringParameters,
  },
  {
    name: 'ASimNetworkSessionMicrosoftDefenderStream',
    hook: 'ASim_NetworkSessionCustom',
    builtIn: '_ASim_NetworkSession',
    deployedUnion: 'ASimNetworkSession',
    native: 'ASimNetworkSessionNative',
    parameters: switches,
  },
];

/** The list of parsers that Sentinel's unions leave out, and its two columns. */
export const disabledParsers = 'ASimDisabledParsers';

export interface ExclusionRow {
  /** Id of the item: always the same, so that the row is never there twice and can be found again. */
  readonly id: string;
  readonly CallerContext: string;
  readonly SourceSpecificParser: string;
  /** The parser of all sources that reads the row; the last two are deployed into a workspace by hand. */
  readonly union: '_Im_NetworkSession' | '_ASim_NetworkSession' | 'imNetworkSession' | 'ASimNetworkSession';
}

/** They stop Microsoft's parser of DeviceNetworkEvents, and no other. */
export const exclusionRows: readonly ExclusionRow[] = [
  {
    id: '7d0c4c0e-2f4b-4b0e-9d56-0f6a5a1c7e01',
    CallerContext: 'Exclude_Im_NetworkSession',
    SourceSpecificParser: 'Exclude_Im_NetworkSession_Microsoft365Defender',
    union: '_Im_NetworkSession',
  },
  {
    id: '7d0c4c0e-2f4b-4b0e-9d56-0f6a5a1c7e02',
    CallerContext: 'Exclude_ASim_NetworkSession',
    SourceSpecificParser: 'Exclude_ASim_NetworkSession_Microsoft365Defender',
    union: '_ASim_NetworkSession',
  },
  {
    id: '7d0c4c0e-2f4b-4b0e-9d56-0f6a5a1c7e03',
    CallerContext: 'ExcludevimNetworkSession',
    SourceSpecificParser: 'ExcludevimNetworkSessionMicrosoft365Defender',
    union: 'imNetworkSession',
  },
  {
    id: '7d0c4c0e-2f4b-4b0e-9d56-0f6a5a1c7e04',
    CallerContext: 'ExcludeASimNetworkSession',
    SourceSpecificParser: 'ExcludeASimNetworkSessionMicrosoft365Defender',
    union: 'ASimNetworkSession',
  },
];
