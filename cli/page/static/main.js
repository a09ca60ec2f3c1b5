import { showTimeline } from './charts.js';
import { showCounts } from './counts.js';
import { byId, say } from './dom.js';
import { followLetters } from './letterList.js';
import { startRecordDialog } from './recordDialog.js';
import { followRows, startRowList } from './rowList.js';
import { showSavings } from './savings.js';
import * as server from './server.js';
import { startTryRecord } from './tryRecord.js';

const everyMs = 1000;

async function refresh() {
  try {
    const counts = await server.counts();
    showCounts(counts);
    showTimeline(counts.timeline);
    showSavings(counts);
    await followRows(counts.rowsStored);
    await followLetters(counts.lettersInHub);
    byId('lost', HTMLElement).hidden = true;
  } catch {
    byId('lost', HTMLElement).hidden = false;
    say(byId('phase', HTMLElement), 'no answer');
  }
}

/** Asks again a second after the last answer, and not while nobody looks. */
async function keepRefreshing() {
  if (document.visibilityState === 'visible') await refresh();
  setTimeout(() => void keepRefreshing(), everyMs);
}

say(byId('address', HTMLElement), location.origin);
startRowList();
startRecordDialog();
startTryRecord();
void keepRefreshing();
