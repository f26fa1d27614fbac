// Changing a choice swaps what follows from it, in place: the page of the new address is asked for,
// and its parts take the place of those that are shown. Anything unexpected is a plain page load.

const PARTS = "[data-part]";
let asking = null;
// The address of what is shown, without the place in the page.
const at = () => location.pathname + location.search;
let shown = at();

const main = () => document.getElementById("main");

// Where the focus is: by id, or by the name and the value of a tick.
function focused() {
  const active = document.activeElement;
  if (!active || !main().contains(active)) return () => null;
  const { id, name, value } = active;
  const head = active.closest("th")?.cellIndex;
  const place = [active.selectionStart, active.selectionEnd];
  return () => {
    const found = head != null
      ? document.querySelectorAll("#rows ~ .table-wrap thead a")[head]
      : id
      ? document.getElementById(id)
      : [...document.querySelectorAll(`[name="${CSS.escape(name ?? "")}"]`)].find(one => one.value === value);
    found?.focus({ preventScroll: true });
    if (place[0] != null && found?.setSelectionRange && /text|search/.test(found.type)) found.setSelectionRange(...place);
    return found;
  };
}

// What is open, found and scrolled to in the form stays so.
function kept() {
  const open = [...document.querySelectorAll("main details")].map(one => one.open);
  const list = document.querySelector(".keys-list");
  const top = list?.scrollTop ?? 0;
  const find = document.querySelector(".keys-find")?.value ?? "";
  const ticked = [...document.querySelectorAll(".keys-list input")].map(one => one.value);
  return () => {
    const now = [...document.querySelectorAll("main details")];
    if (now.length === open.length) now.forEach((one, at) => (one.open = open[at]));
    const fresh = document.querySelector(".keys-list");
    if (!fresh) return;
    // A tick does not jump to the top under the pointer.
    const place = new Map(ticked.map((value, at) => [value, at]));
    const items = [...fresh.children];
    const rank = item => place.get(item.querySelector("input").value) ?? ticked.length;
    if (items.every(item => place.has(item.querySelector("input").value))) {
      items.sort((a, b) => rank(a) - rank(b)).forEach(item => fresh.append(item));
    }
    const box = document.querySelector(".keys-find");
    if (find && box) {
      box.value = find;
      box.dispatchEvent(new Event("input"));
    }
    fresh.scrollTop = top;
  };
}

// The picture is there before it is shown, unless that takes long.
async function loaded(part) {
  const image = part.querySelector("img");
  const late = new Promise(done => setTimeout(done, 4000));
  if (image) await Promise.race([image.decode().catch(() => null), late]);
}

async function show(page) {
  const fresh = new Map(
    [...page.querySelectorAll(PARTS)].map(part => [part.dataset.part, document.importNode(part, true)]),
  );
  if (!fresh.size || !document.querySelector(PARTS)) throw new Error("no parts");
  const figure = fresh.get("figure");
  if (figure) await loaded(figure);
  const focus = focused();
  const keep = kept();
  for (const part of document.querySelectorAll(PARTS)) {
    const other = fresh.get(part.dataset.part);
    if (other) part.replaceWith(other);
    else part.replaceChildren();
  }
  document.title = page.title;
  const canonical = page.querySelector("link[rel=canonical]");
  if (canonical) document.querySelector("link[rel=canonical]")?.setAttribute("href", canonical.getAttribute("href"));
  // Other scripts take the new parts in hand before what was open and found in them is restored.
  document.dispatchEvent(new CustomEvent("swapped"));
  keep();
  focus();
}

function say() {
  const status = document.getElementById("said");
  const answer = document.querySelector("[data-part=answer]")?.textContent.trim().replace(/\s+/g, " ");
  if (status) status.textContent = answer || "The page is changed.";
}

async function go(address, push) {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  main().setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { signal, headers: { accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (signal.aborted) return;
    await show(page);
    if (push && answer.url !== location.href) history.pushState({}, "", answer.url);
    shown = at();
    say();
  } catch (error) {
    if (error.name === "AbortError") return;
    location.assign(address);
  } finally {
    if (!signal.aborted) main().removeAttribute("aria-busy");
  }
}

function address_of(chosen) {
  const sent = new URLSearchParams(new FormData(chosen));
  if (!sent.get("_filter")) sent.delete("_filter");
  return `${chosen.getAttribute("action")}${sent.size ? `?${sent}` : ""}`;
}

document.addEventListener("change", event => {
  const chosen = event.target.closest?.("form.choices");
  if (chosen && chosen.checkValidity()) go(address_of(chosen), true);
});
document.addEventListener("submit", event => {
  if (!event.target.matches("form.choices, form.rows-filter")) return;
  event.preventDefault();
  go(address_of(event.target), true);
});
document.addEventListener("click", event => {
  const link = event.target.closest?.("a[data-swap]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
  event.preventDefault();
  go(link.href.replace(/#.*$/, ""), true);
});
// Rows are found while typing, once a reader pauses.
let typing = 0;
document.addEventListener("input", event => {
  const chosen = event.target.closest?.("form.rows-filter");
  if (!chosen) return;
  clearTimeout(typing);
  typing = setTimeout(() => go(address_of(chosen), true), 300);
});
addEventListener("popstate", () => {
  // A step within the page, as to its table, changes nothing of it.
  if (at() !== shown) go(location.href, false);
});
