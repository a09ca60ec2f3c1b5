import { namedFaults } from '../../cli/faults/faultNames';
import { commandJson } from '../frozen/commandJson';
import { lastLine, runCommand } from './childCommand';

jest.setTimeout(240_000);

test('npm run faults: while faults fire, no record is lost, wrong or miscounted, and every repeated row has a cause', async () => {
  // Of fewer than 5,000 records a kind of fault may meet nothing.
  const args = ['--events', '3000', '--seed', '3', '--accept-not-shown', '--json'];
  const { code, stdout, stderr } = await runCommand('faults', args);
  const result = lastLine(stdout);
  expect(result).toEqual(commandJson.faults);
  const { produced, lost, unexpected, wrong, duplicatesUnexplained, miscounted, books, stored, faults } = result;
  const wrongs = { lost, unexpected, wrong, duplicatesUnexplained, miscounted };
  expect(wrongs).toEqual({ lost: 0, unexpected: 0, wrong: 0, duplicatesUnexplained: 0, miscounted: 0 });
  expect(books).toMatchObject({ receivedUnexplained: 0, wrongBatches: 0, uncounted: 0 });
  expect(produced).toBeGreaterThanOrEqual(3000);
  expect(stored).toBeGreaterThan(2000);
  // Planned for before the stream begins.
  expect(faults).toMatchObject({ 'dead-letter hub send busy': 4 });
  expect(Object.keys(faults ?? {}).toSorted()).toEqual(namedFaults.toSorted());
  expect(stdout).toMatch(/Passed: all [\d,]+ records ended as expected\./);
  expect(
    Math.max(
      ...stdout
        .split('\n')
        .slice(0, -2)
        .map((line) => line.length),
    ),
  ).toBeLessThanOrEqual(80);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
});
