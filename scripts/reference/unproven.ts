/** Parts of the mapping without proof: what, what it rests on, what is done until then. */
export const unproven: readonly (readonly [what: string, restsOn: string, done: string])[] = [
  [
    '`direction` `In` on inspected rows: Local is the client, Remote the device',
    'one or two captured rows with `In`, and counts of a public test machine on which incoming RDP showed up with the port on the Remote end',
    'mapped this way; `DirectionBasis` is `additionalFields`, or `ports` where the ports contradict it',
  ],
  [
    'Inspected rows and attempts whose ports contradict their `direction`',
    'no captured row; nearly all captured inspected rows are `Out`',
    'the port rule wins; `DirectionBasis` is `ports`',
  ],
  [
    'Whether Timestamp of an aggregated report is the start or the end of its hour',
    'nothing: Microsoft documents an interval of an hour and no times; no captured row',
    'the start if the report was received an hour later or more, otherwise the end; `TimeBasis` says which',
  ],
  [
    'ConnectionAcknowledged and InboundConnectionAcknowledged: who opened the session',
    'few captured rows, in which the device was the client although the packet arrived; other products reverse these rows',
    'the port rule decides; without it `direction`; without both, no direction',
  ],
  [
    'ConnectionAttempt without `direction` and with ports that do not decide',
    'the scenario that Microsoft documents, an attempt from outside',
    'taken for Inbound; `DirectionBasis` is `default`',
  ],
  [
    'MAC addresses on packet rows: those of the packet or of the devices',
    'nothing; other products disagree',
    'SrcMacAddr and DstMacAddr stay absent; the addresses are in `AdditionalFields.Detail`',
  ],
  [
    'KerberosConnectionInspected',
    'named by two third parties; no captured row',
    'direction as for any inspected row, no result, protocol KERBEROS',
  ],
  [
    'Network protection rows of DeviceEvents and their `ResponseCategory`',
    'documentation; no captured row',
    'mapped if an address or a URL of the peer is present, also in AdditionalFields',
  ],
  [
    'A streamed message in the old spelling, NetworkCommunicationEvents',
    'a published list of its columns; no captured message',
    'mapped like the modern table',
  ],
  [
    'A whole message of Event Hubs with many records, as Defender writes it',
    'documentation and single records; no captured message',
    'every envelope form that is documented or reported by others is read',
  ],
  [
    'RemoteUrl on NetworkSignatureInspected',
    'no captured row; which end it would name is not documented',
    'DstDomainHostname and the URL columns only, never a device name',
  ],
];
