import { generate } from 'selfsigned';

export interface Certificate {
  /** PKCS#8 private key, PEM. */
  readonly key: string;
  /** X.509 certificate, PEM; to be trusted through `tlsOptions.ca` or NODE_EXTRA_CA_CERTS. */
  readonly cert: string;
}

const dayMilliseconds = 86_400_000;

/** Makes a self-signed certificate for localhost and 127.0.0.1 that is valid for a year. */
export async function makeCertificate(): Promise<Certificate> {
  const yesterday = new Date(Date.now() - dayMilliseconds);
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // Valid since yesterday, for clients whose clock is a little slow (containers, virtual machines).
    notBeforeDate: yesterday,
    notAfterDate: new Date(yesterday.getTime() + 366 * dayMilliseconds),
    extensions: [
      // Not an authority: a client that trusts this certificate trusts this server alone.
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { key, cert };
}
