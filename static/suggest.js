// Suggests while a reader types into a search: models, labs, countries, questions and pages. Without
// this script the same search is a form.

const WAIT = 160;
const SINGLE = { Countries: "Country", Labs: "Lab", "Model families": "Model family", Models: "Model", Questions: "Question", Pages: "Page" };

function suggest_at(input) {
  const form = input.form;
  // The form leads to /search, below the path that the site is served under.
  const base = form.getAttribute("action").replace(/search$/, "");
  const list = document.createElement("ul");
  list.id = `${input.id}-suggestions`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  const status = document.createElement("p");
  status.className = "unseen";
  status.setAttribute("role", "status");
  form.classList.add("suggesting");
  form.append(list, status);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })) {
    input.setAttribute(name, value);
  }
  let asking = null;
  let timer = 0;
  let at = -1;

  function close() {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(place) {
    const options = [...list.children];
    at = (place + options.length + 1) % (options.length + 1);
    if (at === options.length) at = -1;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", options[at].id);
      options[at].scrollIntoView({ block: "nearest" });
    }
  }

  function show(found) {
    list.replaceChildren(
      ...found.suggestions.map((one, index) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.path = one.path;
        const name = document.createElement("span");
        name.textContent = one.name;
        const about = document.createElement("span");
        about.className = "about";
        about.textContent = `${SINGLE[one.kind] ?? one.kind}${one.about ? ` · ${one.about}` : ""}`;
        option.append(name, about);
        return option;
      }),
    );
    at = -1;
    list.hidden = !found.suggestions.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    const said = found.meant ? ` for “${found.meant}”` : "";
    status.textContent = found.suggestions.length ? `${found.suggestions.length} suggestions${said}` : "No suggestion";
  }

  async function ask() {
    const text = input.value.trim();
    asking?.abort();
    if (text.length < 2) {
      close();
      return;
    }
    asking = new AbortController();
    try {
      const answer = await fetch(`${base}-/suggest?q=${encodeURIComponent(text)}`, { signal: asking.signal });
      if (answer.ok && document.activeElement === input) show(await answer.json());
    } catch {
      // The form searches without suggestions.
    }
  }

  const go = option => location.assign(option.dataset.path);
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("keydown", event => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (!list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? at + 1 : at < 0 ? list.children.length - 1 : at - 1);
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      go(list.children[at]);
    }
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("pointerdown", event => event.preventDefault());
  list.addEventListener("click", event => {
    const option = event.target.closest("[role=option]");
    if (option) go(option);
  });
}

for (const input of document.querySelectorAll(".site-search input, .big-search input")) suggest_at(input);

// The list of all questions is filtered while typing; its form does the same on the server.
const filter = document.querySelector(".questions-filter input");
if (filter) {
  const said = document.getElementById("questions-said");
  filter.addEventListener("input", () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const item of document.querySelectorAll("[data-question]")) {
      item.hidden = !words.every(word => item.dataset.question.includes(word));
      found += item.hidden ? 0 : 1;
    }
    for (const part of document.querySelectorAll("section[data-theme]")) {
      part.hidden = !part.querySelector("[data-question]:not([hidden])");
    }
    said.textContent = words.length ? `${found} questions` : "";
  });
}
