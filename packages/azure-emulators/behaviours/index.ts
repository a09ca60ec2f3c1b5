/** What the services do. Each behaviour has an id, and the tests that hold it name the id (test/holds.ts). */
import type { Area, NotEmulated } from './behaviour';
import { eventHubs } from './eventHubs';
import { eventHubsClient } from './eventHubsClient';
import { eventHubsReceiving } from './eventHubsReceiving';
import { functionsWorker } from './functionsWorker';
import { functionsHost } from './hostBehaviours';
import { identity } from './identity';
import { ingestion } from './ingestion';
import { ingestionClient } from './ingestionClient';
import { workspace } from './workspace';

const all = [
  functionsHost,
  functionsWorker,
  ingestion,
  ingestionClient,
  eventHubs,
  eventHubsReceiving,
  eventHubsClient,
  identity,
  workspace,
] as const;

type IdsOf<Behaviours> = {
  [Id in keyof Behaviours]: Behaviours[Id] extends Pick<NotEmulated, 'because'> ? never : Id;
}[keyof Behaviours];
type HeldIdsOf<One> = One extends Area ? IdsOf<One['behaviours']> : never;

/** The behaviours that a test can hold: all but those that are not emulated. */
export type BehaviourId = HeldIdsOf<(typeof all)[number]>;

export const areas: readonly Area[] = all;
