// The editor of a message's words: puts a word where the cursor is, puts a wrong one right,
// and says when something is not saved yet. Without it the words can be typed.
(() => {
  const form = document.getElementById("words");
  if (!form) return;
  let field = form.elements.body;

  const typed = (element) => {
    element.dispatchEvent(new Event("input", { bubbles: true }));
    element.focus();
  };

  for (const element of [form.elements.subject, form.elements.body]) {
    element.addEventListener("focus", () => { field = element; });
  }

  for (const chip of form.querySelectorAll("span.chip")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "chip";
    button.textContent = chip.dataset.word;
    button.addEventListener("click", () => {
      field.setRangeText(chip.dataset.word, field.selectionStart, field.selectionEnd, "end");
      typed(field);
    });
    chip.replaceWith(button);
  }
  document.getElementById("how").hidden = false;

  for (const button of form.querySelectorAll("button[data-wrong]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const wrong = document.getElementById(button.dataset.field);
      wrong.value = wrong.value.replaceAll(button.dataset.wrong, button.dataset.right);
      button.closest(".error").hidden = true;
      typed(wrong);
    });
  }

  form.addEventListener("input", () => { document.getElementById("unsaved").hidden = false; });
})();
