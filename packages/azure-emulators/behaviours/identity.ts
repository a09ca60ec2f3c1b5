import type { Area } from './behaviour';

const identityTests = 'identity/identity.test.ts';

export const identity: Area = {
  title: 'Managed identity',
  behaviours: [
    {
      does: 'On Functions it is an HTTP endpoint named by IDENTITY_ENDPOINT and IDENTITY_HEADER, api-version 2019-08-01; the answer names token, audience and expiry.',
      ground: 'documented',
      held: [
        [identityTests, 'gets a token of the system-assigned identity, good for its audience and for a day'],
        [identityTests, 'is answered with the fields of the platform'],
      ],
    },
    {
      does: 'A request without the secret, the version or a resource is refused.',
      ground: 'documented',
      held: [[identityTests, '%s is refused with statusCode, message and correlationId']],
    },
    {
      does: 'A user-assigned identity is asked for by client id; one that does not exist is 400.',
      ground: 'recorded',
      held: [
        [identityTests, 'gets a token of a user-assigned identity by client id, in any case'],
        [identityTests, 'is refused an identity that the app does not have'],
      ],
    },
    {
      does: 'A token is good for its audience alone, and until it expires.',
      ground: 'documented',
      held: [
        [identityTests, 'is good for its audience alone'],
        [identityTests, 'is no good once its time is over'],
      ],
    },
    {
      does: 'The client keeps a token until shortly before it expires.',
      ground: 'source',
      held: [[identityTests, 'asks again once a token is about to expire']],
      by: '`@azure/identity` 4.13.1',
    },
  ],
};
