/* In a tree of boxes, a box stands for all that is below it. */
(function () {
  "use strict";
  const tree = document.querySelector("[data-tree]");
  if (!tree) return;

  function below(box) {
    return Array.from(box.closest("li").querySelectorAll("ul input"));
  }

  /* A box whose part only is chosen says so. */
  function showParts() {
    tree.querySelectorAll("input").forEach(function (box) {
      box.indeterminate = box.checked && below(box).some(function (one) { return !one.checked; });
    });
  }

  tree.addEventListener("change", function (event) {
    const box = event.target;
    below(box).forEach(function (one) { one.checked = box.checked; });
    /* What is chosen needs all that it stands in. */
    for (let item = box.closest("li"); box.checked && item && tree.contains(item); item = item.parentElement.closest("li")) {
      item.querySelector("input").checked = true;
    }
    showParts();
  });

  /* All or none at once, without going to the server for it. */
  document.querySelectorAll("button[name=pick]").forEach(function (button) {
    button.addEventListener("click", function (event) {
      event.preventDefault();
      tree.querySelectorAll("input").forEach(function (box) { box.checked = button.value === "all"; });
      showParts();
      tree.querySelector("input").dispatchEvent(new Event("change", { bubbles: true }));
    });
  });
  showParts();
})();
