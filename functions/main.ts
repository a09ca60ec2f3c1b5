import { readConfig } from '../shared/config';
import { register } from './networkSessions';

// The host shows nothing but "0 functions" when an entry point throws: say why where the log stream shows it.
try {
  register(readConfig(process.env));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  throw error;
}
