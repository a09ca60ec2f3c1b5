/** What makes one event differ from another. */
export const keyParts = [
  'tenantId',
  'table',
  'DeviceId',
  'Timestamp',
  'ReportId',
  'ActionType',
  'LocalIP',
  'LocalPort',
  'RemoteIP',
  'RemotePort',
  'RemoteUrl',
] as const;
export type KeyPart = (typeof keyParts)[number];
