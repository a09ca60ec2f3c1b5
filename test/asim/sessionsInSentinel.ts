import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { root } from '../../scripts/kql/queryFiles';
import { readMessage } from '../../shared/defender/readMessage';
import { isObject, type JsonObject, parseJson, stringifyJson } from '../../shared/json';
import { transform } from '../../shared/transform/transform';
import { defaultTransformSettings } from '../../shared/transform/transformSettings';
import { caseRows, cellsOf, destinations, workspaceWith } from './asimWorkspace';

/** Columns of a session by hand, from the row of the case and the reference of the schema. */
const byHand: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'connection/success-with-url': {
    EventType: 'EndpointNetworkSession',
    EventOriginalType: 'ConnectionSuccess',
  },
};

test.todo('by hand');
