import { lastLine, runCommand } from './command';

jest.setTimeout(240_000);

test('npm run faults: with everything going wrong nothing is lost or miscounted, and every repeated row has its cause', async () => {
  const { code, stdout, stderr } = await runCommand('faults', ['--events', '3000', '--seed', '3', '--json']);
  const { produced, lost, unexpected, duplicatesUnexplained, books, stored, faults } = lastLine(stdout);
  expect({ lost, unexpected, duplicatesUnexplained }).toEqual({ lost: 0, unexpected: 0, duplicatesUnexplained: 0 });
  expect(books).toMatchObject({ receivedUnexplained: 0, miscounted: 0, uncounted: 0 });
  expect(produced).toBeGreaterThanOrEqual(3000);
  expect(stored).toBeGreaterThan(2000);
  expect(JSON.stringify(faults)).toMatch(/"hub .*"ingestion /);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
});
