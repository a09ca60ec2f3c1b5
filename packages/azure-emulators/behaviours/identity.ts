import type { Area } from './behaviour';

export const identity = {
  title: 'Managed identity',
  behaviours: {
    'identity.endpoint': {
      does: 'On Functions it is an HTTP endpoint named by IDENTITY_ENDPOINT and IDENTITY_HEADER, api-version 2019-08-01; the answer names token, audience and expiry.',
      ground: 'documented',
    },
    'identity.bad-request': {
      does: 'A request without the secret, the version or a resource is rejected.',
      ground: 'documented',
    },
    'identity.user-assigned': {
      does: 'A user-assigned identity is requested by client id; for one that does not exist the answer is 400.',
      ground: 'recorded',
    },
    'identity.token-scope': {
      does: 'A token is valid for its audience alone, and until it expires.',
      ground: 'documented',
    },
    'identity.token-cached': {
      does: 'The client keeps a token until shortly before it expires.',
      ground: 'source',
      by: '`@azure/identity` 4.13.1',
    },
  },
} as const satisfies Area;
