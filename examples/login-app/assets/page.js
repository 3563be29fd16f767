// Everything works without this script; it keeps times current and saves recovery codes.

for (const time of document.querySelectorAll('time')) {
  time.textContent = new Date(time.dateTime).toLocaleString('en-GB');
}

for (const line of document.querySelectorAll('[data-seconds]')) {
  const end = performance.now() + Number(line.dataset.seconds) * 1000;
  const tick = () => {
    const left = Math.ceil((end - performance.now()) / 1000);
    if (left <= 0) {
      line.textContent = line.dataset.done;
      clearInterval(timer);
      return;
    }
    const minutes = Math.floor(left / 60);
    const seconds = `${left % 60} s`;
    line.querySelector('span').textContent = minutes > 0 ? `${minutes} min ${seconds}` : seconds;
  };
  const timer = setInterval(tick, 1000);
  tick();
}

const codes = document.querySelector('#recovery-codes');
if (codes !== null) {
  const text = [...codes.querySelectorAll('code')].map((code) => `${code.textContent}\n`).join('');
  const done = document.querySelector('#done');
  const acts = {
    copy: async () => {
      await navigator.clipboard.writeText(text);
      done.textContent = 'Copied.';
    },
    download: () => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
      link.download = 'recovery-codes.txt';
      link.click();
      URL.revokeObjectURL(link.href);
      done.textContent = 'Downloaded.';
    },
    print: () => print(),
  };
  for (const button of document.querySelectorAll('[data-act]')) {
    button.addEventListener('click', acts[button.dataset.act]);
  }
  document.querySelector('.needs-script').hidden = false;
}
