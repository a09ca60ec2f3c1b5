import { filtering, hook, ownHook, parameterless, secondHook, statuses, useAsimBench } from './kit/asimBench';

const bench = useAsimBench();
const { asim, putHook } = bench;

/** A union of all sources as Microsoft's template deploys it: it calls each parser, and no hook. */
const putUnion = (name: string, ...calls: readonly string[]): void => {
  const query = `let Generic=(starttime:datetime, pack:bool){ union isfuzzy=true ${calls.join(', ')} }; Generic(starttime, pack)`;
  const properties = {
    category: 'ASIM',
    functionAlias: name,
    functionParameters: 'starttime:datetime=datetime(null),pack:bool=false',
    query,
  };
  bench.azure.workspace.functions.set(name, { etag: 'W/"union"', properties });
};

const rows = [
  ['Exclude_Im_NetworkSession', 'Exclude_Im_NetworkSession_Microsoft365Defender'],
  ['Exclude_ASim_NetworkSession', 'Exclude_ASim_NetworkSession_Microsoft365Defender'],
  ['ExcludevimNetworkSession', 'ExcludevimNetworkSessionMicrosoft365Defender'],
  ['ExcludeASimNetworkSession', 'ExcludeASimNetworkSessionMicrosoft365Defender'],
];
const rowsNow = (): unknown[] =>
  [...(bench.azure.workspace.rows ?? new Map<string, Record<string, string>>()).values()].map(
    ({ CallerContext, SourceSpecificParser }) => [CallerContext, SourceSpecificParser],
  );

test('--exclude-built-in makes the missing watchlist, waits for it, adds two rows once, and sessions are counted once', async () => {
  bench.azure.workspace.devices = { builtIn: ['a', 'b'], custom: ['a', 'b', 'c'], asim: [] };
  bench.azure.workspace.makingFor = 2;
  await asim('--register');
  expect((await asim()).of('countedTwice')).toEqual(
    ['_Im_NetworkSession', '_ASim_NetworkSession'].map((subject) => ({
      status: 'warning',
      subject,
      found: expect.stringContaining('Counts the sessions of 2 devices twice') as unknown,
      next: expect.stringContaining('--exclude-built-in') as unknown,
    })),
  );
  const report = await asim('--exclude-built-in');
  expect(report.code).toBe(0);
  expect(rowsNow()).toEqual([['imNone', 'NoneParser'], ...rows.slice(0, 2)]);
  expect(statuses([...report.of('disabledParsers'), ...report.of('countedTwice')])).toEqual([
    'ok ASimDisabledParsers',
    'ok _Im_NetworkSession',
    'ok _ASim_NetworkSession',
  ]);
  bench.azure.writes.length = 0;
  expect((await asim('--exclude-built-in')).of('changes')[0]?.found).toBe('The rows were there already.');
  expect(bench.azure.writes).toEqual([]);
});

test("a watchlist that is there is not made again: another's rows stay, and one that means the same is not added twice", async () => {
  bench.azure.workspace.devices = { builtIn: ['a'], custom: [], asim: ['a'] };
  putUnion('imNetworkSession', 'vimNetworkSessionMicrosoft365Defender()', 'vimNetworkSessionNative()');
  putUnion('ASimNetworkSession', 'ASimNetworkSessionMicrosoft365Defender()', 'ASimNetworkSessionNative()');
  const others = new Map([
    ['11111111-0000-0000-0000-000000000000', { CallerContext: 'Exclude_Im_Dns', SourceSpecificParser: 'Any' }],
    [
      '22222222-0000-0000-0000-000000000000',
      { CallerContext: rows[0]?.[0] ?? '', SourceSpecificParser: rows[0]?.[1] ?? '' },
    ],
  ]);
  bench.azure.workspace.rows = new Map(others);
  const before = await asim();
  expect(before.of('disabledParsers')[0]).toMatchObject({
    status: 'warning',
    found: expect.stringContaining('only for Exclude_Im_NetworkSession.') as unknown,
  });
  const report = await asim('--exclude-built-in');
  expect(report.code).toBe(0);
  expect(bench.azure.writes.every((write) => write.includes('/watchlistItems/'))).toBe(true);
  expect(rowsNow()).toEqual([['Exclude_Im_Dns', 'Any'], ...rows]);
  await asim('--unregister');
  expect(bench.azure.workspace.rows).toEqual(others);
});

test("a deployed union that does not read the app's table keeps Microsoft's parser, and the line to add is printed", async () => {
  bench.azure.workspace.devices = { builtIn: ['a', 'b'], custom: ['a', 'b'], asim: [] };
  const natives = ['vimNetworkSessionMicrosoft365Defender()', 'vimNetworkSessionNative()'];
  putUnion('imNetworkSession', ...natives);
  putUnion('ASimNetworkSession', 'ASimNetworkSessionNative()', `${parameterless}(pack=pack)`);
  const report = await asim('--register', '--exclude-built-in');
  expect(report.code).toBe(0);
  expect(rowsNow()).toEqual([['imNone', 'NoneParser'], ...[0, 1, 3].map((i) => rows[i])]);
  expect(report.of('changes')).toContainEqual({
    status: 'warning',
    subject: 'imNetworkSession',
    found: expect.stringContaining('2 devices would disappear from imNetworkSession') as unknown,
    next: expect.stringContaining('Add the lines below the table') as unknown,
  });
  const lines = `    ${filtering}(\n        starttime=starttime,\n        pack=pack)`;
  expect(report.add).toEqual([{ function: 'imNetworkSession', lines }]);
  putUnion('imNetworkSession', ...natives, lines);
  const again = await asim('--exclude-built-in');
  expect(again.add).toEqual([]);
  expect(rowsNow()).toContainEqual(rows[2]);
  putUnion('imNetworkSession', ...natives);
  expect((await asim('--exclude-built-in')).of('changes')[0]).toMatchObject({
    status: 'warning',
    found: expect.stringContaining('Does not see 2 devices: its row is in the watchlist already') as unknown,
  });
});

test.each([
  ['no such function is there', '', []],
  [
    'it names the parser in a comment only',
    'imNetworkSession',
    ['vimNetworkSessionNative()', `vimOther() // ${filtering}()`],
  ],
  ["it reads the app's other table alone", 'imNetworkSession', ['vimNetworkSessionNative()']],
])('no row for a deployed union: %s', async (_, name, calls) => {
  bench.azure.workspace.devices = { builtIn: ['a'], custom: ['a'], asim: [] };
  if (name !== '') putUnion(name, ...calls);
  await asim('--register', '--exclude-built-in');
  expect(rowsNow()).toEqual([['imNone', 'NoneParser'], ...rows.slice(0, 2)]);
});

test.each([
  ["the app's parser", `${filtering}(pack=pack)`],
  ['the hook', `${hook}(pack=pack)`],
  ['the built-in parser', '_Im_NetworkSession(pack=pack)'],
])("a row for a deployed union that reads the app's table through %s", async (_, call) => {
  bench.azure.workspace.devices = { builtIn: ['a'], custom: ['a'], asim: [] };
  putUnion('imNetworkSession', 'vimNetworkSessionNative()', call);
  await asim('--register', '--exclude-built-in');
  expect(rowsNow()).toEqual([['imNone', 'NoneParser'], ...rows.slice(0, 3)]);
});

test.each([
  ['a device is only in DeviceNetworkEvents', { builtIn: ['a', 'b'], custom: ['a'], asim: ['a'] }, 1],
  [
    'the hooks do not call the parsers, and only NetworkSessions_CL has the device',
    { builtIn: ['a'], custom: ['a'], asim: [] },
    1,
  ],
  ['the built-in connector sends nothing', { builtIn: [], custom: ['a'], asim: [] }, 0],
])('no row is added when %s', async (_, devices, code) => {
  bench.azure.workspace.devices = devices;
  const report = await asim('--exclude-built-in');
  expect(report.code).toBe(code);
  expect(report.of('changes')[0]?.found).toContain('No row was added');
  expect(bench.azure.writes).toEqual([]);
});

test('rows that already go to ASimNetworkSessionLogs are not registered a second time', async () => {
  bench.azure.workspace.devices = { builtIn: [], custom: ['a'], asim: ['a'] };
  const report = await asim('--register');
  expect(report.code).toBe(1);
  expect(report.of('changes')[0]?.found).toContain('which Sentinel reads already');
  expect(bench.azure.writes).toEqual([]);
});

test('--unregister removes the hooks first and all that is ours, and a second time there is nothing to do', async () => {
  bench.azure.workspace.devices = { builtIn: ['a'], custom: ['a'], asim: [] };
  await asim('--register', '--exclude-built-in');
  bench.azure.writes.length = 0;
  const report = await asim('--unregister');
  expect(report.code).toBe(0);
  expect(bench.azure.workspace.functions.size).toBe(0);
  expect(rowsNow()).toEqual([['imNone', 'NoneParser']]);
  expect(bench.azure.writes.slice(0, 4)).toEqual(
    [hook, secondHook, parameterless, filtering].map((name) => `DELETE /savedSearches/${name}`),
  );
  bench.azure.writes.length = 0;
  expect((await asim('--unregister')).code).toBe(0);
  expect(bench.azure.writes).toEqual([]);
});

test('--unregister leaves what another function calls, and what somebody changed in the meantime', async () => {
  await asim('--register');
  putHook(`${ownHook},\n    vimOther()`);
  bench.azure.workspace.rows = new Map([
    [
      '7d0c4c0e-2f4b-4b0e-9d56-0f6a5a1c7e01',
      { CallerContext: 'Exclude_Im_NetworkSession', SourceSpecificParser: 'Edited' },
    ],
  ]);
  const report = await asim('--unregister');
  expect(report.code).toBe(1);
  expect([...bench.azure.workspace.functions.keys()]).toEqual([filtering, hook]);
  expect(bench.azure.workspace.rows.size).toBe(1);
  expect(statuses(report.of('changes'))).toEqual([
    `wrong ${hook}`,
    `ok ${secondHook}`,
    `ok ${parameterless}`,
    `warning ${filtering}`,
    'warning Exclude_Im_NetworkSession_Microsoft365Defender',
  ]);
});

test('no row is added to a watchlist that is searched by another column: Sentinel would not find it', async () => {
  bench.azure.workspace.devices = { builtIn: ['a'], custom: ['a'], asim: [] };
  await asim('--register');
  bench.azure.workspace.rows = new Map();
  bench.azure.workspace.searchKey = 'SourceSpecificParser';
  bench.azure.writes.length = 0;
  const report = await asim('--exclude-built-in');
  expect(report.code).toBe(1);
  expect(bench.azure.writes).toEqual([]);
  expect(report.of('disabledParsers')).toMatchObject([
    {
      found:
        "The watchlist ASimDisabledParsers has the search key SourceSpecificParser; Sentinel's parsers look in CallerContext.",
      next: expect.stringContaining('Delete the watchlist') as unknown,
    },
  ]);
});
