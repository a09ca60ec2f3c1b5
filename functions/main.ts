import { readConfig } from '../shared/config';
import { register } from './networkSessions';

// When an entry point throws, the host says only "0 functions". The reason must go to the log stream.
try {
  register(readConfig(process.env));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  throw error;
}
