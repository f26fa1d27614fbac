// Makes a question's form quicker: keys are found while typing, months are chosen by a slider with
// two ends. Without this script the same choices are ticks and two lists of months.

const SHOWN = 12;

function enhance_keys(box) {
  const find = box.querySelector(".keys-find");
  const items = [...box.querySelectorAll(".keys-list li")];
  find.hidden = false;
  find.addEventListener("input", event => {
    event.stopPropagation();
    const wanted = find.value.trim().toLowerCase();
    for (const item of items) item.hidden = !item.textContent.toLowerCase().includes(wanted);
  });
  // What is typed to find a key changes no answer.
  find.addEventListener("change", event => event.stopPropagation());
  find.addEventListener("keydown", event => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = items.find(item => !item.hidden);
    if (first && find.value.trim()) first.querySelector("input").click();
  });
  box.addEventListener("change", () => {
    const chosen = box.querySelectorAll(".keys-list input:checked").length;
    box.querySelector(".keys-said").textContent = chosen
      ? `${chosen} chosen${chosen > SHOWN ? `, ${SHOWN} in the picture` : ""}`
      : "the largest";
  });
}

function slider(select, months, at, label) {
  const input = document.createElement("input");
  input.type = "range";
  input.min = 0;
  input.max = months.length - 1;
  input.value = at;
  input.autocomplete = "off";
  input.setAttribute("aria-label", label);
  input.id = `${select.id}-slider`;
  return input;
}

function enhance_months(form) {
  const [since, until] = ["since", "until"].map(name => form.querySelector(`select[name="${name}"]`));
  if (!since || !until) return;
  const months = [...since.options].map(option => option.value).filter(Boolean).sort();
  const words = new Map([...since.options].map(option => [option.value, option.textContent]));
  if (months.length < 3) return;
  const last = months.length - 1;
  const low = slider(since, months, since.value ? months.indexOf(since.value) : 0, "From month, slider");
  const high = slider(until, months, until.value ? months.indexOf(until.value) : last, "To month, slider");
  const box = document.createElement("div");
  box.className = "months-range";
  box.append(low, high);
  since.closest(".choice").before(box);
  const put = () => {
    const [first, end] = [Number(low.value), Number(high.value)];
    low.setAttribute("aria-valuetext", words.get(months[first]));
    high.setAttribute("aria-valuetext", words.get(months[end]));
    box.style.setProperty("--from", `${(100 * first) / last}%`);
    box.style.setProperty("--to", `${(100 * end) / last}%`);
  };
  low.addEventListener("input", () => {
    low.value = Math.min(Number(low.value), Number(high.value));
    since.value = Number(low.value) === 0 ? "" : months[Number(low.value)];
    put();
  });
  high.addEventListener("input", () => {
    high.value = Math.max(Number(low.value), Number(high.value));
    const end = Number(high.value);
    const whole = end === last && [...until.options].some(option => option.value === "");
    until.value = whole ? "" : months[end];
    put();
  });
  put();
}

function enhance_form() {
  const form = document.querySelector("form.choices");
  if (!form) return;
  for (const box of form.querySelectorAll(".keys")) enhance_keys(box);
  enhance_months(form);
}

document.addEventListener("swapped", enhance_form);
enhance_form();
