import { byId, counted, make, raw, say, short, stackedTable } from './dom.js';
import { content, openPasted } from './recordDialog.js';
import * as server from './server.js';

const example = {
  records: [
    {
      time: '2026-11-20T09:16:02.1184730Z',
      tenantId: '3b1d5a6c-9f0e-4c55-8a77-2f4d6e8091ab',
      category: 'AdvancedHunting-DeviceNetworkEvents',
      properties: {
        Timestamp: '2026-11-20T09:14:33.4821907Z',
        DeviceId: 'my-device',
        DeviceName: 'ws1.example.com',
        ReportId: 48213,
        ActionType: 'ConnectionSuccess',
        Protocol: 'Tcp',
        LocalIP: '10.20.30.41',
        LocalPort: 50123,
        RemoteIP: '203.0.113.80',
        RemotePort: 443,
        RemoteUrl: 'www.example.org',
        InitiatingProcessAccountName: 'amy',
        InitiatingProcessFileName: 'browser.exe',
      },
    },
  ],
};

/** Counts what was mapped: what was asked for earlier may be answered later. */
let mapped = 0;

/** @param {Blob | string} records */
async function map(records) {
  const mine = ++mapped;
  const said = byId('tried', HTMLElement);
  const place = byId('tried-records', HTMLElement);
  const notes = byId('tried-notes', HTMLElement);
  place.replaceChildren();
  notes.replaceChildren();
  said.className = '';
  say(said, 'Mapping …');
  const { value: table } = byId('table', HTMLSelectElement);
  const { value: dates } = byId('dates', HTMLSelectElement);
  try {
    const result = await server.map(records, { table, dates });
    if (mine !== mapped) return;
    say(said, booksOf(result));
    notes.replaceChildren(...result.notes.map((note) => make('li', {}, raw(note))));
    const [first, ...others] = result.records;
    if (first === undefined) return;
    place.replaceChildren(recordsTable(result.records));
    // A single record needs no choice.
    if (others.length > 0) return;
    const { record } = await server.pasted(first.position);
    if (mine === mapped) place.append(content(record, ''));
  } catch (error) {
    if (mine !== mapped) return;
    said.className = 'bad';
    say(said, `Nothing was mapped: ${server.reasonOf(error)}`);
  }
}

/** @param {server.PastedResult} result */
function booksOf({ tally, records }) {
  const became = [
    counted(tally.sent, 'row'),
    `${tally.skipped} skipped`,
    ...(tally.dropped > 0 ? [`${tally.dropped} dropped`] : []),
    ...(tally.merged > 0 ? [`${tally.merged} merged`] : []),
    counted(tally.duplicates, 'duplicate'),
    counted(tally.deadLettered, 'dead letter'),
  ];
  const shown = records.length < tally.received ? ` The first ${records.length} records are listed.` : '';
  return `${counted(tally.received, 'record')} in ${counted(tally.messages, 'message')}: ${became.join(', ')}.${shown}`;
}

/** @param {server.PastedResult['records']} records */
function recordsTable(records) {
  const rows = records.map((record, i) => {
    const { position, outcome, why, table, summary } = record;
    const name = `Record ${i + 1}`;
    return [
      make(
        'button',
        {
          type: 'button',
          class: 'link short',
          'aria-label': `${name}: its row, and why`,
          onclick: () => void openPasted(position, name),
        },
        name,
      ),
      outcome,
      textOf(why),
      ...[summary?.actionType ?? table, summary?.direction ?? '', summary?.result ?? ''].map(short),
      textOf(summary?.source),
      textOf(summary?.destination),
    ];
  });
  const heads = ['Open', 'Became', 'Why', 'Action type or table', 'Direction', 'Result', 'Source', 'Destination'];
  return stackedTable({
    caption: 'What the records become. Open one to see source and rule of each column.',
    heads,
    rows,
  });
}

/** @param {string | undefined} text */
function textOf(text = '') {
  return text === '' ? undefined : raw(text);
}

export function startTryRecord() {
  const text = byId('pasted', HTMLTextAreaElement);
  const file = byId('file', HTMLInputElement);
  const drop = byId('drop', HTMLElement);
  byId('map', HTMLElement).addEventListener('click', () => {
    const chosen = file.files?.[0];
    void map(text.value.trim() === '' && chosen !== undefined ? chosen : text.value);
  });
  byId('example', HTMLElement).addEventListener('click', () => {
    text.value = JSON.stringify(example, undefined, 2);
    void map(text.value);
  });
  file.addEventListener('change', () => {
    const chosen = file.files?.[0];
    if (chosen !== undefined) void map(chosen);
  });
  /** @param {DragEvent} event */
  const isOver = (event) => {
    event.preventDefault();
    drop.classList.toggle('over', event.type === 'dragover');
  };
  drop.addEventListener('dragover', isOver);
  drop.addEventListener('dragleave', isOver);
  drop.addEventListener('drop', (event) => {
    isOver(event);
    const dropped = event.dataTransfer?.files[0];
    if (dropped !== undefined) void map(dropped);
    else text.value = event.dataTransfer?.getData('text') ?? '';
  });
}
