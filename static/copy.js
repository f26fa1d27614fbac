// Puts a button beside the code of an embed that copies it.

function add_buttons() {
  if (!navigator.clipboard) return;
  for (const box of document.querySelectorAll("textarea.code-box[readonly]")) {
    if (box.dataset.copied) continue;
    box.dataset.copied = "offered";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    const said = document.createElement("span");
    said.className = "about";
    said.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(box.value);
        said.textContent = " Copied";
      } catch {
        box.select();
        said.textContent = " Selected: copy it with the keyboard";
      }
    });
    const line = document.createElement("p");
    line.append(button, said);
    box.after(line);
  }
}

document.addEventListener("swapped", add_buttons);
add_buttons();
