/**
 * The tables over the OTP functions; each column is a job that runs in a process of its own.
 *
 * @typedef {{ id: string, title: string, method: string, algorithm: string, window: number, guess?: string }} OtpJob
 */

/** @type {readonly { title: string, jobs: readonly OtpJob[] }[]} */
export const otpTables = [
  {
    title: 'Generate, SHA-1',
    jobs: [job('from text', 'generateFromText'), job('kept secret', 'generateKept')],
  },
  {
    title: 'Verify, SHA-1, window ±1',
    jobs: [
      job('from text, wrong code', 'verifyFromText', { guess: 'wrong' }),
      job('from text, right code', 'verifyFromText', { guess: 'right' }),
      job('kept secret, wrong code', 'verifyKept', { guess: 'wrong' }),
      job('kept secret, right code', 'verifyKept', { guess: 'right' }),
    ],
  },
  {
    title: 'Verify, SHA-1, window ±10',
    jobs: [
      job('from text, wrong code', 'verifyFromText', { guess: 'wrong', window: 10 }),
      job('kept secret, wrong code', 'verifyKept', { guess: 'wrong', window: 10 }),
    ],
  },
  { title: 'SHA-256, window ±1', jobs: otherHash('SHA256') },
  { title: 'SHA-512, window ±1', jobs: otherHash('SHA512') },
  { title: 'otpauth URIs', jobs: [job('build', 'buildUri'), job('parse', 'parseUri')] },
];

function otherHash(algorithm) {
  return [
    job('generate, from text', 'generateFromText', { algorithm }),
    job('generate, kept secret', 'generateKept', { algorithm }),
    job('verify from text, wrong code', 'verifyFromText', { algorithm, guess: 'wrong' }),
    job('verify, kept secret, wrong code', 'verifyKept', { algorithm, guess: 'wrong' }),
  ];
}

function job(title, method, { algorithm = 'SHA1', window = 1, guess } = {}) {
  const id = [method, algorithm, window, guess].filter((part) => part !== undefined).join(' ');
  return { id, title, method, algorithm, window, guess };
}
