const two = (n: number): string => String(n).padStart(2, "0");

/** `03:14:20`, in UTC as everything on the page. */
export const sayTime = (at: number): string => {
  const date = new Date(at);
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
};

/** `Mon 16 Mar 2026`. */
export const sayDay = (at: number): string =>
  new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(at).replace(",", "");

/** `4 min`, `12 s`, `2 h`. */
export function sayAge(from: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - from) / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3_600)} h`;
}

/** A Slack date format with its placeholders filled in; those that it does not know stay out and leave the words to the sender. */
export function sayMoment(at: number, format: string, words: string): string {
  const time = sayTime(at);
  const day = sayDay(at);
  const said = format
    .replace(/\{time_secs\}/g, time)
    .replace(/\{time\}/g, time.slice(0, 5))
    .replace(/\{date_num\}/g, new Date(at).toISOString().slice(0, 10))
    .replace(/\{date(_short|_long)?(_pretty)?\}/g, day);
  return /\{\w+\}/.test(said) ? words : said;
}
