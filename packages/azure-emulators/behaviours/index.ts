import type { Area } from './behaviour';
import { eventHubs } from './eventHubs';
import { eventHubsClient } from './eventHubsClient';
import { eventHubsReceiving } from './eventHubsReceiving';
import { functionsHost } from './functionsHost';
import { functionsWorker } from './functionsWorker';
import { identity } from './identity';
import { ingestion } from './ingestion';
import { ingestionClient } from './ingestionClient';

export const areas: readonly Area[] = [
  functionsHost,
  functionsWorker,
  ingestion,
  ingestionClient,
  eventHubs,
  eventHubsReceiving,
  eventHubsClient,
  identity,
];
