// Makes the figure of a chart's page answer the pointer: values, highlights, zoom. The picture that
// the server has drawn is readable before this begins, stays if anything fails, and keeps its place.

const DARK = matchMedia("(prefers-color-scheme: dark)");
const NARROW = matchMedia("(max-width: 640px)");
const PRECISE = matchMedia("(pointer: fine)");
const mark = new URL(import.meta.url).searchParams.get("vega");
const BUNDLE = new URL(`../-/vega-embed-${mark}.js`, import.meta.url);
// A pointer this near to a point, in square pixels, is on it.
const REACH = 260;
const TOOLTIP = "vg-tooltip-element";

// Every plot of a specification that has layers.
function* plots(spec) {
  for (const key of ["vconcat", "hconcat", "concat"]) {
    for (const part of spec[key] ?? []) yield* plots(part);
  }
  if (spec.layer) yield spec;
}

// Every layer or plot of a specification that draws.
function* units(spec) {
  for (const key of ["vconcat", "hconcat", "concat", "layer"]) {
    for (const part of spec[key] ?? []) yield* units(part);
  }
  if (spec.mark) yield spec;
}

const type = unit => unit.mark.type ?? unit.mark;
const named = unit => unit.encoding?.color?.field === "name";

function fade(unit, param, dim) {
  const full = unit.mark.opacity ?? 1;
  unit.encoding.opacity = { condition: { param, empty: true, value: full }, value: full * dim };
}

// Lines and areas: the series under the pointer stands out; holding shift, the wheel zooms into
// months. A panel of many has one series and keeps its scale.
function enliven_lines(plot, at, alone) {
  const layers = plot.layer.filter(layer => layer.encoding?.x && named(layer));
  const points = layers.find(layer => type(layer) === "circle" && layer.encoding.tooltip);
  if (!points) return;
  const catcher = structuredClone(points);
  catcher.mark = { ...catcher.mark, size: REACH, opacity: 0, clip: true };
  catcher.params = [
    { name: `near${at}`, select: { type: "point", fields: ["name"], on: "pointerover", clear: "pointerout" } },
  ];
  // Names beside the plot stay when what is in it is cut; the dots at its edge are whole until then.
  const zooms = alone && PRECISE.matches;
  const whole = layer => (type(layer) === "circle" ? zooms && { expr: "isValid(zoom_x)" } : true);
  for (const layer of plot.layer) layer.mark = { ...layer.mark, clip: layer.encoding?.x?.field ? whole(layer) : false };
  if (alone) {
    for (const layer of layers) fade(layer, `near${at}`, 0.25);
  }
  if (zooms) {
    layers[0].params = [
      { name: "zoom", bind: "scales", select: { type: "interval", encodings: ["x"], zoom: "wheel![event.shiftKey]" } },
    ];
  }
  plot.layer.push(catcher);
}

// Columns: a click on a name in the legend shows it alone, another adds a name.
function enliven_legend(unit) {
  unit.params = [
    { name: "chosen", bind: "legend", select: { type: "point", fields: [unit.encoding.color.field], toggle: "true" } },
  ];
  fade(unit, "chosen", 0.12);
}

// The tooltip repeats what the table says: it is for the pointer alone.
function make_tooltip() {
  const box = document.createElement("div");
  box.id = TOOLTIP;
  box.className = "vg-tooltip";
  box.setAttribute("aria-hidden", "true");
  document.body.append(box);
}

function enliven(spec) {
  for (const plot of plots(spec)) {
    // A layer without data has no extent, of which Vega would warn.
    plot.layer = plot.layer.filter(layer => layer.data?.values?.length !== 0);
  }
  for (const [at, plot] of [...plots(spec)].entries()) enliven_lines(plot, at, spec.vconcat?.includes(plot));
  for (const plot of spec.vconcat ?? []) {
    if (plot.mark && plot.encoding?.color?.legend) enliven_legend(plot);
  }
  for (const unit of units(spec)) {
    if (type(unit) !== "bar" || unit.encoding.tooltip) continue;
    unit.encoding.tooltip = [
      { field: "x", type: "nominal", title: "Name" },
      { field: "said", type: "nominal", title: "Value" },
    ];
  }
  return spec;
}

function specification(image) {
  const address = new URL(image.currentSrc);
  address.pathname = address.pathname.replace(/\.svg$/, ".vl.json");
  return fetch(address).then(answer => {
    if (!answer.ok) throw new Error(`${answer.status} ${address}`);
    return answer.json();
  });
}

async function enhance(figure) {
  const picture = figure.querySelector("picture");
  const image = picture.querySelector("img");
  await image.decode();
  const [spec] = await Promise.all([specification(image), import(BUNDLE)]);
  const host = document.createElement("div");
  host.className = "chart-live";
  host.hidden = true;
  host.setAttribute("role", "img");
  host.setAttribute("aria-label", image.alt);
  host.style.aspectRatio = `${image.naturalWidth} / ${image.naturalHeight}`;
  // Vega gives its element and the parts of the drawing roles of their own: the host has the words.
  const plot = document.createElement("div");
  plot.setAttribute("aria-hidden", "true");
  host.append(plot);
  picture.after(host);
  try {
    const made = await window.vegaEmbed(plot, enliven(spec), {
      actions: false,
      ast: true,
      defaultStyle: false,
      mode: "vega-lite",
      renderer: "svg",
      tooltip: { disableDefaultStyle: true },
    });
    host.hidden = false;
    picture.hidden = true;
    figure.dataset.enhanced = "true";
    return () => {
      picture.hidden = false;
      delete figure.dataset.enhanced;
      made.finalize();
      host.remove();
    };
  } catch (error) {
    host.remove();
    throw error;
  }
}

function start() {
  make_tooltip();
  for (const figure of document.querySelectorAll("figure.chart")) {
    const image = figure.querySelector("img");
    let state = enhance(figure);
    // Another theme or width is another drawing, once its picture is there.
    const again = () => {
      const loaded = new Promise(done => image.addEventListener("load", done, { once: true }));
      state = Promise.all([state, loaded]).then(([undo]) => {
        undo();
        return enhance(figure);
      });
    };
    DARK.addEventListener("change", again);
    NARROW.addEventListener("change", again);
  }
}

// Only once the page is there, and when the browser has nothing better to do.
const idle = window.requestIdleCallback ?? (run => setTimeout(run, 1));
if (document.readyState === "complete") idle(start);
else window.addEventListener("load", () => idle(start), { once: true });
