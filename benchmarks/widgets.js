// Prints what each JavaScript widget says, for benchmarks/widgets.py.
// stdin: {"packages": folder of node_modules, "pairs": [[published, anchor], …]} in milliseconds.
// stdout: {widget: [text, …]}.
"use strict";

process.env.TZ = "UTC";
const fs = require("fs");
const path = require("path");
const { createRequire } = require("module");
const { pathToFileURL } = require("url");

const input = JSON.parse(fs.readFileSync(0, "utf8"));
const folder = path.resolve(input.packages);
const from = createRequire(path.join(folder, "package.json"));

const moment = from("moment");
const dayjs = from("dayjs");
dayjs.extend(from("dayjs/plugin/relativeTime"));
const timeago = from("timeago.js");
const fns = from("date-fns");
const { DateTime } = from("luxon");

// jquery-timeago is a plugin; it asks no more of jQuery than this.
function jqueryTimeago() {
  const $ = { extend: Object.assign, fn: {}, isFunction: (f) => typeof f === "function" };
  $.trim = (text) => text.trim();
  const source = fs.readFileSync(from.resolve("timeago/jquery.timeago.js"), "utf8");
  global.document = { createElement() {} };
  new Function("jQuery", "module", "define", source)($, undefined, undefined);
  return $.timeago;
}

// The component hands these to its formatter; the formatter alone can run without React.
function reactTimeago(formatter, published, anchor) {
  const seconds = Math.round(Math.abs(anchor - published) / 1000);
  const [minute, hour, day, week, month, year] = [60, 3600, 86400, 604800, 2592000, 31536000];
  const [value, unit] =
    seconds < minute ? [seconds, "second"]
    : seconds < hour ? [Math.round(seconds / minute), "minute"]
    : seconds < day ? [Math.round(seconds / hour), "hour"]
    : seconds < week ? [Math.round(seconds / day), "day"]
    : seconds < month ? [Math.round(seconds / week), "week"]
    : seconds < year ? [Math.round(seconds / month), "month"]
    : [Math.round(seconds / year), "year"];
  return formatter(value, unit, "ago", published);
}

async function main() {
  const element = await import(
    pathToFileURL(path.join(folder, "node_modules/@github/relative-time-element/dist/duration.js"))
  );
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  const utc = (ms) => DateTime.fromMillis(ms, { zone: "utc", locale: "en" });
  const jquery = jqueryTimeago();
  const format = from("react-timeago/defaultFormatter").default;
  const widgets = {
    "moment": (p, a) => moment.utc(p).from(moment.utc(a)),
    "dayjs": (p, a) => dayjs(p).from(dayjs(a)),
    "timeago.js": (p, a) => timeago.format(new Date(p), "en_US", { relativeDate: new Date(a) }),
    "jquery-timeago": (p, a) => jquery.inWords(a - p),
    "date-fns": (p, a) => fns.formatDistance(new Date(p), new Date(a), { addSuffix: true }),
    "date-fns-strict": (p, a) =>
      fns.formatDistanceStrict(new Date(p), new Date(a), { addSuffix: true }),
    "date-fns-intl": (p, a) => fns.intlFormatDistance(new Date(p), new Date(a), { locale: "en" }),
    "luxon": (p, a) => utc(p).toRelative({ base: utc(a) }),
    "luxon-calendar": (p, a) => utc(p).toRelativeCalendar({ base: utc(a) }),
    "relative-time-element": (p, a) => {
      const elapsed = element.elapsedTime(new Date(p), "second", a);
      const [value, unit] = element.getRelativeTimeUnit(elapsed, { relativeTo: new Date(a) });
      return words.format(value, unit);
    },
    "react-timeago": (p, a) => reactTimeago(format, p, a),
  };
  const printed = {};
  for (const [name, widget] of Object.entries(widgets)) {
    printed[name] = input.pairs.map(([published, anchor]) => widget(published, anchor));
  }
  process.stdout.write(JSON.stringify(printed));
}

main();
