/** Durations in ms as people say them, never too short. */
export function durations(language: string): (ms: number) => string {
  const say = (n: number, unit: string): string =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(n);
  return (ms) => {
    const seconds = Math.max(0, Math.ceil(ms / 1000));
    if (seconds <= 90) return say(seconds, 'second');
    if (seconds <= 90 * 60) return say(Math.ceil(seconds / 60), 'minute');
    return say(Math.ceil(seconds / 3600), 'hour');
  };
}
