// Devices are told apart by words, not by what browsers pretend to be.
import { expect, it } from 'vitest';
import { agentWords } from '../src/lib/agent';

it.each([
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36',
    'Chrome · Linux',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/150.0 Safari/537.36 Edg/150.0',
    'Edge · Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Version/19.0 Safari/604.1',
    'Safari · iPhone',
  ],
  ['Mozilla/5.0 (Linux; Android 16) Gecko/150.0 Firefox/150.0', 'Firefox · Android'],
  ['curl/8.11', 'curl/8.11'],
])('%s', (agent, words) => expect(agentWords(agent)).toBe(words));
