import type { SecondSource } from './secondSources';
import { sessionTimes } from './timeSpan';

/** Source fields that several columns of the mapping share. */

const inDetails = (keys: readonly string[]): string[] => keys.map((key) => `AdditionalFields.${key}`);

/** A column and, if it is empty, the key of Defender's AdditionalFields that holds the same fact. */
export const secondly = (...names: readonly SecondSource[]): string[] => [
  ...names,
  ...names.map((name) => `AdditionalFields.${name}`),
];
export const ends = (field: 'IP' | 'Port'): string[] => ['orientation', ...secondly(`Local${field}`, `Remote${field}`)];
/** The port can also follow the address: `203.0.113.1:443`. */
export const portSources = [...ends('Port'), ...secondly('LocalIP', 'RemoteIP')];
export const spanSources = ['Timestamp', 'ActionType', ...sessionTimes, 'envelope._TimeReceivedBySvc', 'envelope.time'];
export const account = (part: string): string[] => ['orientation', `InitiatingProcessAccount${part}`];
export const ownName = ['orientation', 'DeviceName'];
export const url = secondly('RemoteUrl');
/** The address is read to recognise a proxy. */
export const remoteName = [...ownName, ...url, 'ActionType', ...secondly('RemoteIP')];
export const site = ['AdditionalFields.host', 'AdditionalFields.server_name'];
export const request = ['AdditionalFields.method', 'AdditionalFields.uri'];
export const policyVerdict = ['ActionType', 'AdditionalFields.ResponseCategory'];
export const resultSources = [
  'ActionType',
  ...inDetails(['status_code', 'established', 'rcode', 'auth_success', 'success', 'reply_code', 'last_reply']),
];
export const resultTexts = inDetails([
  'status_code',
  'status_msg',
  'version',
  'rcode_name',
  'reply_code',
  'reply_msg',
  'last_reply',
]);
