// Makes figures answer the pointer, a touch and the arrow keys: the nearest value of the whole plot,
// with all others of its day. The picture that the server has drawn stays what is seen: its drawing
// is laid over it, and where its values are is read from it. Nothing is loaded before a reader
// comes to a figure.

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September",
  "October", "November", "December"];
const NS = "http://www.w3.org/2000/svg";
const FADED = "0.18";
// In pixels of the drawing.
const RING = 4.5;
let count = 0;

// "September 2025" of the last day of a month in a figure by month, else "5 September 2026".
function day_words(text, by_month) {
  const found = /^(\d{4})-(\d\d)-(\d\d)/.exec(text);
  if (!found) return text;
  const [year, month, day] = found.slice(1).map(Number);
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const named = `${MONTHS[month - 1]} ${year}`;
  // Columns stand at the first day of their month.
  return by_month && (day === last || day === 1) ? named : by_month ? `to ${day} ${named}` : `${day} ${named}`;
}

// Every mark of a specification that a pointer can find, with the name that its drawing has.
function* units(spec, name = "", data = null) {
  const own = spec.data?.values ?? data;
  for (const [at, part] of (spec.vconcat ?? spec.hconcat ?? spec.concat ?? []).entries()) {
    yield* units(part, `${name}concat_${at}_`, own);
  }
  for (const [at, part] of (spec.layer ?? []).entries()) yield* units(part, `${name}layer_${at}_`, own);
  if (spec.mark && own) yield { name: `${name}marks`, mark: spec.mark.type ?? spec.mark, encoding: spec.encoding ?? {}, data: own };
}

// A name in lines has lost the blanks at which it breaks, and one that is long its namespace.
const bare_name = text => text.replace(/^.*\//, "").replace(/\s/g, "");

const plot_of = unit => unit.name.replace(/layer_.*|marks$/, "");

function said_of(datum, unit) {
  const likely = datum.likely && datum.likely !== "none" && datum.likely !== datum.said ? datum.likely : "";
  const more = datum.publisher ? `published by ${datum.publisher} (${datum.scope})` : likely && `likely ${likely}`;
  const said = datum.said ?? (unit.encoding.y?.field === "y" ? String(datum.y) : "");
  return { said: said || "not certain", more };
}

// The values of a drawing: where each is, its series, its day and its words.
function values_of(svg, spec) {
  const found = [];
  const bare = svg.getScreenCTM().inverse();
  for (const unit of units(spec)) {
    const bars = unit.mark === "bar" && !unit.encoding.tooltip;
    if (!bars && !unit.encoding.tooltip) continue;
    const drawn = [...svg.querySelectorAll(`.${CSS.escape(unit.name)} > path`)];
    const timed = unit.encoding.x?.type === "temporal" || /columns|grid/.test(spec.usermeta?.kind ?? "");
    const aged = spec.usermeta?.kind === "ages";
    let elements = drawn;
    if (bars) {
      const top = element => element.getBoundingClientRect().top;
      elements = drawn.toSorted((a, b) => top(a) - top(b));
    }
    if (elements.length !== unit.data.length) continue;
    for (const [at, element] of elements.entries()) {
      const datum = unit.data[at];
      const box = element.getBoundingClientRect();
      const centre = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2).matrixTransform(bare);
      const end = bars ? new DOMPoint(box.right, box.y + box.height / 2).matrixTransform(bare) : centre;
      const name = timed || aged ? datum.name || "" : String(datum.x ?? datum.name ?? "");
      found.push({
        x: end.x,
        y: end.y,
        name,
        series: timed || aged ? name : "",
        group: timed || aged ? String(datum.x) : `${unit.name} ${at}`,
        head: timed ? day_words(String(datum.x), spec.usermeta?.by_month) : aged ? `${datum.x} days from release` : "",
        plot: plot_of(unit),
        flat: bars,
        area: !/circle|point/.test(unit.mark),
        colour: element.getAttribute("fill") && element.getAttribute("fill") !== "none" && element.getAttribute("fill") !== "transparent"
          ? element.getAttribute("fill") : element.getAttribute("stroke"),
        order: datum.y,
        ...said_of(datum, unit),
      });
    }
  }
  return found;
}

function unique_ids(text) {
  const mark = `drawn${(count += 1)}-`;
  return text
    .replace(/\bid="/g, `id="${mark}`)
    .replace(/url\(#/g, `url(#${mark}`)
    .replace(/ (role="img" )?aria-labelledby="[^"]*"/, "");
}

async function drawing(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  const parsed = new DOMParser().parseFromString(unique_ids(await answer.text()), "image/svg+xml");
  const svg = parsed.documentElement;
  if (svg.localName !== "svg" || svg.querySelector("script, foreignObject")) throw new Error("no drawing");
  // The picture under it has the words; a drawing's own would be read a second time.
  for (const one of svg.querySelectorAll("[role], [aria-label], title, desc")) {
    if (/^(title|desc)$/.test(one.localName)) one.remove();
    for (const name of ["role", "aria-label", "aria-roledescription", "aria-hidden"]) one.removeAttribute(name);
  }
  return document.importNode(svg, true);
}

async function specification(address) {
  const url = new URL(address, location.href);
  url.pathname = url.pathname.replace(/\.svg$/, ".vl.json");
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status} ${url}`);
  return answer.json();
}

const tip = document.createElement("div");
tip.className = "chart-tip";
tip.setAttribute("aria-hidden", "true");
tip.hidden = true;

function element(name, text, kind) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function fill_tip(chosen, members) {
  tip.replaceChildren();
  if (chosen.head) tip.append(element("strong", chosen.head));
  const list = element("table");
  for (const one of members) {
    const row = element("tr", "", one === chosen ? "near" : "");
    const name = element("th");
    const dot = document.createElementNS(NS, "svg");
    dot.setAttribute("viewBox", "0 0 10 10");
    const ring = document.createElementNS(NS, "circle");
    for (const [key, value] of [["cx", 5], ["cy", 5], ["r", 5], ["fill", one.colour ?? "currentColor"]]) ring.setAttribute(key, value);
    dot.append(ring);
    name.append(dot, one.name);
    row.append(name, element("td", one.said), element("td", one.more, one.more.length > 24 ? "more long" : "more"));
    list.append(row);
  }
  tip.append(list);
}

function put_tip(x, y) {
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const room = document.documentElement.clientWidth;
  const left = x + 16 + width < room ? x + 16 : Math.max(4, x - 16 - width);
  const top = Math.min(Math.max(4, y - height / 2), Math.max(4, innerHeight - height - 4));
  tip.style.left = `${left}px`;
  tip.style.top = `${top}px`;
}

class Live {
  constructor(box, svg, values) {
    Object.assign(this, { box, svg, values, at: null });
    this.over = document.createElementNS(NS, "g");
    svg.append(this.over);
    this.colours = new Map();
    for (const one of values) if (one.series) this.colours.set(one.series, one.colour);
    this.many = new Set(this.colours.values()).size > 1;
    const used = new Set(this.colours.values());
    // What is drawn of each series has its colour; what is written of it has its name.
    this.drawn = [...svg.querySelectorAll(".role-mark path, .role-mark line, .role-mark text, .role-mark rect")]
      .map(one => [one, used.has(one.getAttribute("fill")) ? one.getAttribute("fill") : one.getAttribute("stroke")])
      .filter(([, colour]) => used.has(colour));
    const longest = [...this.colours.keys()].filter(Boolean).sort((a, b) => b.length - a.length);
    this.names = [...svg.querySelectorAll(".mark-text.role-mark:not(.concat_1_marks) text")]
      .map(one => [one, longest.find(name => bare_name(one.textContent.replace(/^\d+(st|nd|rd|th) /, "")).startsWith(bare_name(name).slice(0, 9)))])
      .filter(([, name]) => name);
  }

  place(event) {
    return new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
  }

  nearest(point) {
    const far = one => {
      const across = Math.abs(one.x - point.x);
      const down = Math.abs(one.y - point.y);
      if (one.flat) return down;
      return one.series ? 6 * across + down : Math.hypot(across, down);
    };
    return this.values.reduce((best, one) => (far(one) < far(best) ? one : best));
  }

  members(chosen) {
    const all = this.values.filter(one => one.group === chosen.group);
    // A month of a stack is read from the top down, like the plot.
    return all.sort((a, b) => (a.plot === b.plot ? a.y - b.y : 0));
  }

  show(chosen, screen) {
    this.at = chosen;
    const members = this.members(chosen);
    const marks = [];
    if (chosen.head) {
      const own = this.values.filter(one => one.plot === chosen.plot);
      const line = document.createElementNS(NS, "line");
      const ys = own.map(one => one.y);
      for (const [key, value] of [["x1", chosen.x], ["x2", chosen.x], ["y1", Math.min(...ys)], ["y2", Math.max(...ys)],
        ["stroke", "currentColor"], ["stroke-width", 1], ["opacity", 0.35]]) line.setAttribute(key, value);
      if (!chosen.area) marks.push(line);
    }
    for (const one of members) {
      if (one.area && one !== chosen) continue;
      const ring = document.createElementNS(NS, "circle");
      for (const [key, value] of [["cx", one.x], ["cy", one.y], ["r", one === chosen ? RING + 1.5 : RING],
        ["fill", one.colour ?? "none"], ["stroke", "currentColor"], ["stroke-width", one === chosen ? 2 : 1]]) ring.setAttribute(key, value);
      marks.push(ring);
    }
    this.over.replaceChildren(...marks);
    if (this.many && chosen.series) {
      for (const [one, colour] of this.drawn) one.style.opacity = colour === chosen.colour ? "" : FADED;
      for (const [one, name] of this.names) {
        one.style.opacity = name === chosen.series ? "" : "0.4";
        one.style.fontWeight = name === chosen.series ? "bold" : "";
      }
    }
    fill_tip(chosen, members);
    const on_screen = screen ?? new DOMPoint(chosen.x, chosen.y).matrixTransform(this.svg.getScreenCTM());
    put_tip(on_screen.x, on_screen.y);
    return members;
  }

  clear() {
    this.at = null;
    this.over.replaceChildren();
    for (const [one] of this.drawn) one.style.opacity = "";
    for (const [one] of this.names) {
      one.style.opacity = "";
      one.style.fontWeight = "";
    }
    tip.hidden = true;
  }

  // The arrow keys: along the days, and from series to series; of bars and circles one by one.
  step(key) {
    const across = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
    const down = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0;
    const last = this.values.at(-1);
    const timed = last.head;
    if (!this.at) {
      const newest = timed ? this.values.reduce((a, b) => (b.x > a.x ? b : a)) : this.values[0];
      return timed ? this.members(newest)[0] : newest;
    }
    if (!timed) {
      const at = this.values.indexOf(this.at);
      return this.values[Math.min(Math.max(0, at + across + down), this.values.length - 1)];
    }
    if (down) {
      const members = this.members(this.at);
      return members[(members.indexOf(this.at) + down + members.length) % members.length];
    }
    const days = this.values.filter(one => one.series === this.at.series && one.plot === this.at.plot).sort((a, b) => a.x - b.x);
    return days[Math.min(Math.max(0, days.indexOf(this.at) + across), days.length - 1)];
  }
}

function watch(box) {
  const image = box.querySelector("img");
  if (!image || box.dataset.watched) return;
  box.dataset.watched = "true";
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-roledescription", "chart");
  box.setAttribute("aria-label", "Chart: the arrow keys read its values");
  const voice = element("p", "", "unseen");
  voice.setAttribute("aria-live", "polite");
  box.append(voice);
  let live = null;
  let pending = null;
  let shown = "";

  function drop() {
    live?.clear();
    live?.svg.remove();
    live = null;
    pending = null;
    shown = "";
    delete box.dataset.live;
  }

  function load() {
    const address = image.currentSrc;
    if (!address || (pending && shown === address)) return pending;
    drop();
    shown = address;
    pending = (async () => {
      await image.decode();
      const [svg, spec] = await Promise.all([drawing(address), specification(address)]);
      if (shown !== address) return;
      svg.setAttribute("class", "chart-live");
      svg.setAttribute("aria-hidden", "true");
      svg.removeAttribute("width");
      svg.removeAttribute("height");
      box.append(svg);
      const values = values_of(svg, spec);
      if (!values.length) {
        svg.remove();
        return;
      }
      live = new Live(box, svg, values);
      box.dataset.live = "true";
    })().catch(() => {
      // The picture is all that there is to see; it stays.
      pending = null;
      shown = "";
    });
    return pending;
  }

  const follow = async event => {
    const seen = { clientX: event.clientX, clientY: event.clientY };
    await load();
    if (live && box.matches(":hover, :active, :focus-within, :focus")) live.show(live.nearest(live.place(seen)), { x: seen.clientX, y: seen.clientY });
  };
  // Another theme or width is another picture, which the drawing of the former would hide.
  image.addEventListener("load", () => image.currentSrc !== shown && drop());
  box.addEventListener("pointerenter", load);
  box.addEventListener("pointermove", follow);
  box.addEventListener("pointerdown", follow);
  box.addEventListener("pointerleave", event => event.pointerType !== "touch" && live?.clear());
  box.addEventListener("focus", load);
  box.addEventListener("blur", () => live?.clear());
  box.addEventListener("keydown", async event => {
    if (event.key === "Escape") {
      live?.clear();
      return;
    }
    if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
    await load();
    if (!live) return;
    const chosen = live.step(event.key);
    live.show(chosen);
    voice.textContent = [chosen.head, chosen.name, chosen.said, chosen.more].filter(Boolean).join(", ");
  });
}

function watch_all() {
  for (const box of document.querySelectorAll("figure .chart-box")) watch(box);
  if (!tip.isConnected) document.body.append(tip);
}

document.addEventListener("swapped", () => {
  tip.hidden = true;
  watch_all();
});
document.addEventListener("pointerdown", event => {
  if (!event.target.closest?.(".chart-box")) tip.hidden = true;
});
watch_all();
