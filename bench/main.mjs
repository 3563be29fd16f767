import { writeFileSync } from 'node:fs';
import { measureEngines } from './engines.mjs';
import { measureFlow } from './flow.mjs';
import { measureOtp } from './otp.mjs';
import { page, target } from './page.mjs';
import { measureSizes } from './sizes.mjs';

// A quick run shows that everything works; its figures are too noisy to keep.
const isQuick = process.argv.includes('--quick');
const pace = isQuick ? { rounds: 5, sampleMs: 1 } : { rounds: 60, sampleMs: 5 };

const results = {
  otp: await measureOtp(pace),
  sizes: await measureSizes(),
  engines: await measureEngines(isQuick ? 50 : 1000),
  flow: await (isQuick ? measureFlow(1, 8) : measureFlow(10, 64)),
};
const text = await page(results, pace);
process.stdout.write(text);
if (!isQuick) writeFileSync(target, text);
