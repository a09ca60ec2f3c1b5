import type { HostEvent } from 'azure-emulators/host';
import { readDropRules, readTransformSettings } from '../../shared/config';
import type { Services } from '../emulators/services';
import { startPage } from '../page/pageServer';
import { PageState } from '../page/pageState';
import { PastedRecords, type RowSettings } from '../page/pastedRecords';
import { RowOrigins } from '../page/rowOrigins';

/** The consumer group with which the page reads the hub: the app's own admits no other reader. */
export const pageGroup = 'page';

export interface WatchPageOptions {
  /** Undefined: one of the usual ports. */
  readonly port: number | undefined;
  /** The app's settings that affect the content of rows. */
  readonly rowSettings: Readonly<Record<string, string>>;
  /** The path of the run's settings, as it is typed in the folder of the project. */
  readonly settingsFile: string;
}

/** The page of a run. It is served before the services run, and shows what the run tells `state`. */
export interface WatchPage {
  readonly url: string;
  readonly state: PageState;
  /** Takes what the host does. */
  readonly onEvent: (event: HostEvent) => void;
  /** From now on it counts what the hub has taken, and finds the records of rows there. */
  watch(services: Services): void;
  /** Call it before the services stop. The page stays, with what it knows. */
  unwatch(): Promise<void>;
  close(): Promise<void>;
}

/** @throws the system's error when the given port cannot be opened. */
export async function openWatchPage({ port, rowSettings, settingsFile }: WatchPageOptions): Promise<WatchPage> {
  const pasted = new PastedRecords(makingOfRows(rowSettings));
  const state = new PageState({ rowSettings, settingsFile, pasted });
  const page = await startPage(state, port);
  const origins = new RowOrigins(makingOfRows(rowSettings));
  return {
    url: page.url,
    state,
    onEvent: origins.onEvent,
    watch({ eventHubs, hub }) {
      origins.readFrom(eventHubs.connectionString(), hub, pageGroup);
      state.recordOf = (row) => origins.view(row);
      state.services = () => {
        const partitions = eventHubs.statistics().hubs[hub] ?? [];
        return { messagesInHub: partitions.reduce((sum, one) => sum + one.lastSequenceNumber + 1, 0) };
      };
    },
    async unwatch() {
      state.recordOf = undefined;
      await origins.close();
    },
    close: () => page.close(),
  };
}

/** Rules of its own each time: one that was switched off here would still drop records in the app. */
function makingOfRows(environment: Readonly<Record<string, string>>): RowSettings {
  return { settings: readTransformSettings(environment), rules: readDropRules(environment) };
}
