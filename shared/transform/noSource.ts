import { unavailable } from './mappingEntry';

/** Why Defender fills no column of these kinds; a reason that several columns share is written once. */
export const noSource = {
  geo: unavailable('Defender gives no location on these rows'),
  nat: unavailable('an endpoint sees no address translation'),
  interface: unavailable('the network adapter is only in DeviceNetworkInfo'),
  intermediary: unavailable('Defender reports from an endpoint, not from a device between two networks'),
  mac: unavailable('whose MAC addresses packet rows hold is unproven; they stay in AdditionalFields.Detail as sent'),
  deviceMac: unavailable('the MAC address of the device is only in DeviceNetworkInfo'),
  otherAddress: unavailable('Defender reports no address beside that of the packet'),
  inventory: unavailable('inventory of the device is only in DeviceInfo'),
  zone: unavailable('IP types and machine groups are not network zones'),
  resource: unavailable('these rows hold no Azure resource id'),
  file: unavailable('means a file sent over the network; the file of the process is something else (AdditionalFields)'),
  cloudApp: unavailable('a concept of web proxies that these rows do not have'),
  httpField: unavailable("not among the fields of Defender's HTTP rows"),
  threat: unavailable('a matched signature (such as HTTP_Client) names what was seen, not a threat'),
} as const;
