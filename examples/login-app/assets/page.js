// Everything works without this script. It stops second clicks, keeps times current and saves recovery codes.

const language = document.documentElement.lang;

/** A duration as the server says it. */
function inWords(seconds) {
  const say = (n, unit) =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(n);
  if (seconds <= 90) return say(seconds, 'second');
  if (seconds <= 90 * 60) return say(Math.ceil(seconds / 60), 'minute');
  return say(Math.ceil(seconds / 3600), 'hour');
}

/** Calls `tick` with the seconds that are left, until there are none. */
function countDown(seconds, tick) {
  const end = performance.now() + seconds * 1000;
  const step = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    tick(left);
    if (left === 0) clearInterval(timer);
  };
  const timer = setInterval(step, 1000);
  step();
}

for (const line of document.querySelectorAll('[data-seconds]')) {
  countDown(Number(line.dataset.seconds), (left) => {
    if (left === 0) line.textContent = line.dataset.done;
    else line.querySelector('span').textContent = inWords(left);
  });
}

for (const button of document.querySelectorAll('button[data-waits]')) {
  countDown(Number(button.dataset.waits), (left) => {
    button.disabled = left > 0;
  });
}

// One submission for each form, until the next page is there or the person comes back to this one.
const STUCK_MS = 15_000;
const sent = new Map();
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (performance.now() - (sent.get(form) ?? -Infinity) < STUCK_MS) event.preventDefault();
  else sent.set(form, performance.now());
});
addEventListener('pageshow', () => sent.clear());

// The second click of a double click may land on the next page: nobody decides that fast.
const shownAt = performance.now();
const SETTLE_MS = 500;
document.addEventListener(
  'click',
  (event) => {
    // A key that presses a button has no position, and does not press twice.
    if (event.detail > 0 && performance.now() - shownAt < SETTLE_MS) event.preventDefault();
  },
  true,
);

const acts = {
  copy: ({ text }) => navigator.clipboard.writeText(text),
  download: ({ text, file }) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    link.download = file;
    link.click();
    URL.revokeObjectURL(link.href);
  },
  print: () => print(),
};
for (const button of document.querySelectorAll('[data-act]')) {
  button.addEventListener('click', async () => {
    await acts[button.dataset.act](button.dataset);
    const done = button.parentElement.querySelector('.done');
    if (done !== null) done.textContent = button.dataset.done ?? '';
  });
}
for (const part of document.querySelectorAll('.needs-script')) part.hidden = false;
