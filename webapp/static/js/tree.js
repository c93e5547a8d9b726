/* In a tree of boxes, a section's box stands for all that is in it. */
(function () {
  "use strict";
  function below(box) {
    return Array.from(box.closest("li").querySelectorAll("ul input[type=checkbox]"));
  }

  function showPart(box) {
    const boxes = below(box);
    const chosen = boxes.filter(function (one) { return one.checked; });
    box.indeterminate = box.checked && chosen.length < boxes.length;
  }

  const sections = Array.from(document.querySelectorAll("[data-tree] [data-section]"));
  sections.forEach(showPart);
  document.querySelectorAll("[data-tree]").forEach(function (tree) {
    tree.addEventListener("change", function (event) {
      if (event.target.hasAttribute("data-section")) {
        below(event.target).forEach(function (one) { one.checked = event.target.checked; });
      } else if (event.target.checked) {
        // What is in a section needs the section.
        for (let list = event.target.closest("ul"); list && list !== tree; list = list.parentElement.closest("ul")) {
          const box = list.closest("li").querySelector("input[type=checkbox]");
          if (box) box.checked = true;
        }
      }
      sections.forEach(showPart);
    });
  });
})();
