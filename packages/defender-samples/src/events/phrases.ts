import type { NonEmpty } from '../random';

/** What Zeek reads from the wire. */

export interface HttpExchange {
  readonly method: string;
  readonly uri: string;
  readonly status: string;
  readonly message: string;
  readonly agent: string;
}

/** Defender cuts user agents at their first semicolon. */
const browser = 'Mozilla/5.0 (Windows NT 10.0';

function exchange(method: string, uri: string, status: string, message: string, agent = browser): HttpExchange {
  return { method, uri, status, message, agent };
}

const cryptography = 'Microsoft-CryptoAPI/10.0';
const remoteManagement = 'Microsoft WinRM Client';

/** By what the server is for. */
export const httpExchanges = {
  web: [
    exchange('GET', '/', '200', 'OK'),
    exchange('GET', '/', '301', 'Moved Permanently'),
    exchange('GET', '/assets/site.css?v=20', '200', 'OK'),
    exchange('GET', '/favicon.ico', '404', 'Not Found'),
    exchange('POST', '/api/v1/batch', '503', 'Service Unavailable'),
    exchange('GET', '/search?q=ferry+times&lang=en', '200', 'OK'),
  ],
  certificates: [
    exchange('GET', '/certs/issuing-ca.crl', '200', 'OK', cryptography),
    exchange('GET', '/certs/issuing-ca.crl', '304', 'Not Modified', cryptography),
    exchange('POST', '/', '200', 'OK', cryptography),
  ],
  updates: [
    exchange('HEAD', '/pkg/kb-26100.cab', '200', 'OK', 'Microsoft BITS/7.8'),
    exchange('GET', '/pkg/kb-26100.cab', '206', 'Partial Content', 'Microsoft BITS/7.8'),
  ],
  management: [
    exchange('POST', '/wsman?PSVersion=5.1.26100', '401', 'Unauthorized', remoteManagement),
    exchange('POST', '/wsman?PSVersion=5.1.26100', '200', 'OK', remoteManagement),
    exchange('POST', '/wsman?PSVersion=5.1.26100', '200', 'OK', remoteManagement),
  ],
  metrics: [exchange('GET', '/metrics', '200', 'OK', 'Prometheus/2.55.1')],
} as const satisfies Record<string, NonEmpty<HttpExchange>>;

interface CipherSuite {
  readonly version: string;
  readonly cipher: string;
  readonly curve: string;
}

export const cipherSuites: NonEmpty<CipherSuite> = [
  { version: 'TLSv13', cipher: 'TLS_AES_128_GCM_SHA256', curve: 'x25519' },
  { version: 'TLSv13', cipher: 'TLS_AES_256_GCM_SHA384', curve: 'x25519' },
  { version: 'TLSv13', cipher: 'TLS_CHACHA20_POLY1305_SHA256', curve: 'x25519' },
  { version: 'TLSv12', cipher: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', curve: 'secp384r1' },
  { version: 'TLSv12', cipher: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', curve: 'secp256r1' },
];

export const sshClients: NonEmpty<string> = [
  'SSH-2.0-OpenSSH_for_Windows_9.5',
  'SSH-2.0-OpenSSH_9.9',
  'SSH-2.0-libssh2_1.11.1',
  'SSH-2.0-Go',
];
export const sshServers: NonEmpty<string> = [
  'SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.14',
  'SSH-2.0-OpenSSH_9.2p1 Debian-2',
];

export const ftpReplies: NonEmpty<{ readonly command: string; readonly code: string; readonly message: string }> = [
  { command: 'PASV', code: '227', message: 'Entering Passive Mode (203,0,113,21,195,80).' },
  { command: 'STOR', code: '226', message: 'Transfer complete.' },
  { command: 'RETR', code: '550', message: 'Failed to open file.' },
  { command: 'USER', code: '331', message: 'Please specify the password.' },
];

export const mailHosts: NonEmpty<string> = [
  'alpine-outfitters.example.net',
  'municipality.example.net',
  'northgate-bank.example.com',
];
export const mailSubjects: NonEmpty<string> = [
  'Order confirmation',
  'Re: Pickup on Thursday',
  'Invoice for October',
  'Rückfrage zur Lieferung',
  'Meeting notes',
  'Updated price list',
];

/** NetworkSignatureInspected: the sender's port, the name of the signature, and what it matched. */
export const signatures: NonEmpty<{ readonly port: number; readonly name: string; readonly matched: string }> = [
  { port: 80, name: 'HttpServerHeader', matched: 'Server: harbour-edge' },
  { port: 80, name: 'HttpServerHeader', matched: 'Server: nginx' },
  { port: 21, name: 'FTP_Upload', matched: 'STOR ' },
  { port: 445, name: 'SMB_Client', matched: '%FESMB' },
];

/** Network protection: what Defender holds against a site. */
export const protections: ReadonlyMap<string, { readonly category: string; readonly name: string }> = new Map([
  ['login.northgate-bank.secure-check.example.net', { category: 'Phishing', name: 'Phishing site' }],
  ['cdn.updateyourplayer.example.net', { category: 'Malicious', name: 'Malicious site' }],
  ['beacon.quietriver.example.org', { category: 'CmdCtrl', name: 'Command and control' }],
  ['stream.livesports4you.example.net', { category: 'CustomPolicy', name: 'Streaming media' }],
  ['share.privatecloud.example.org', { category: 'CasbPolicy', name: 'Unsanctioned app' }],
]);

/** Any other blocked site is on the company's own list. */
export const ownBlockList = { category: 'CustomBlockList', name: 'Blocked by indicator' } as const;
