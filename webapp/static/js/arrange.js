/* Dragging sections and activities. It fills the form whose buttons move things without it, so that
   both ways say the same to the server. */
(() => {
  const form = document.getElementById("deeds");
  if (!form || !window.Sortable) return;

  const send = (item, fields) => {
    for (const [name, value] of Object.entries(fields)) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = value;
      form.append(field);
    }
    form.action = item.dataset.move;
    form.submit();
  };
  const next = (item) => {
    let one = item.nextElementSibling;
    while (one && !one.dataset.id) one = one.nextElementSibling;
    return one ? one.dataset.id : "0";
  };
  const common = { animation: 120, delay: 150, delayOnTouchOnly: true, forceFallback: false };

  for (const list of document.querySelectorAll(".acts[data-section]")) {
    window.Sortable.create(list, {
      ...common,
      group: "activities",
      draggable: ".act[data-move]",
      handle: ".act > .icon",
      onEnd: ({ item, from, to, oldIndex, newIndex }) => {
        if (from === to && oldIndex === newIndex) return;
        send(item, { section_id: item.parentElement.dataset.section, before: next(item) });
      },
    });
  }
  const sections = document.querySelector(".sections");
  if (sections) {
    window.Sortable.create(sections, {
      ...common,
      draggable: ".section[data-move]",
      handle: ".section > .no",
      onEnd: ({ item, oldIndex, newIndex }) => {
        if (oldIndex !== newIndex) send(item, { before: next(item) });
      },
    });
  }
  document.documentElement.classList.add("can-drag");
})();
