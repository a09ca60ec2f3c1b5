import { errorOf } from '../../../cli/azure/azureApi';

const outer = { code: 'BadArgumentError', message: 'The request had some invalid properties' };

test.each<[string, unknown, string]>([
  ['no inner error', outer, 'The request had some invalid properties'],
  [
    'inner errors, of which the last one says what is wrong',
    {
      ...outer,
      innererror: {
        code: 'SemanticError',
        message: 'A semantic error occurred.',
        innererror: { code: 'SEM0100', message: "Failed to resolve table 'X'" },
      },
    },
    "The request had some invalid properties: A semantic error occurred.: Failed to resolve table 'X'",
  ],
  ['an inner error that is no object', { ...outer, innererror: 5 }, 'The request had some invalid properties'],
  ['an inner error alone', { innererror: { message: 'Why' } }, 'Why'],
  ['nothing of it', {}, 'The answer has no message.'],
])('an error of Azure with %s', (_, error, message) => {
  expect(errorOf({ status: 400, bodyAsText: JSON.stringify({ error }) })).toMatchObject({ status: 400, message });
});

test('an error of Azure that nests without end is cut', () => {
  const endless = Array.from({ length: 1000 }).reduce<object>((innererror) => ({ message: 'x', innererror }), {});
  const { message } = errorOf({ status: 400, bodyAsText: JSON.stringify({ error: endless }) });
  expect(message.length).toBeLessThan(500);
});
