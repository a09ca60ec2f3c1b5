import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

// In a process of its own: Jest keeps Node's warnings from tests.
test('a dozen partitions in flight, one of them in a dozen chunks, cause no warning of Node', async () => {
  const program = resolve(__dirname, 'kit', 'manyPartitions.ts');
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program]);
  expect([stdout.trim(), stderr]).toEqual(['12 settled', '']);
});
