/* Sends a backup file as it is, with a bar of how much has gone. Without this script the form
   does the same without the bar. */
(function () {
  "use strict";
  const form = document.getElementById("upload");
  if (!form) return;
  const input = form.querySelector("input[type=file]");
  const sending = document.getElementById("sending");
  const bar = document.getElementById("sending-bar");
  const problem = document.getElementById("upload-problem");
  const words = JSON.parse(form.dataset.words);
  let request = null;

  function size(count) {
    let amount = count;
    let unit = 0;
    while (amount >= 999.5 && unit < words.units.length - 1) {
      amount /= 1000;
      unit += 1;
    }
    const digits = unit && amount < 9.95 ? 1 : 0;
    const figures = amount.toLocaleString(document.documentElement.lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    return figures + " " + words.units[unit];
  }

  function show(id, text) {
    const element = document.getElementById(id);
    if (element.textContent !== text) element.textContent = text;
  }

  /* A text with its values in the places that their names hold. */
  function filled(text, values) {
    return text.replace(/\{(\w+)\}/g, function (whole, name) { return name in values ? values[name] : whole; });
  }

  function refuse(sentence) {
    const notice = document.getElementById("upload-refusal").content.cloneNode(true);
    notice.querySelector("strong").textContent = sentence;
    problem.replaceChildren(notice);
    sending.hidden = true;
    form.hidden = false;
    request = null;
    input.focus();
  }

  function progress(event) {
    const percent = event.lengthComputable ? Math.floor((event.loaded / event.total) * 100) : 0;
    bar.value = Math.min(percent, 99);
    if (event.loaded >= event.total) {
      show("sending-words", words.arrived);
      show("sending-news", words.arrived);
    }
    show("sending-figures", filled(words.progress, { sent: size(event.loaded), all: size(event.total) }));
  }

  function answered() {
    let answer = {};
    try {
      answer = JSON.parse(request.responseText);
    } catch (error) {
      answer = { problem: words.broken };
    }
    if (!answer.location) {
      refuse(answer.problem || words.broken);
    } else if (answer.run) {
      const run = document.getElementById("run");
      run.action = answer.run;
      run.submit();
    } else {
      window.location.assign(answer.location);
    }
  }

  function send(file) {
    problem.replaceChildren();
    if (file.size > Number(form.dataset.limit)) {
      refuse(filled(words.large, { size: size(file.size) }));
      return;
    }
    form.hidden = true;
    sending.hidden = false;
    bar.value = 0;
    show("sending-words", filled(words.sending, { name: file.name }));
    show("sending-news", words.begun);
    show("sending-figures", "");
    request = new XMLHttpRequest();
    request.open("POST", form.dataset.raw);
    request.setRequestHeader("X-CSRFToken", form.querySelector("[name=csrf_token]").value);
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", progress);
    request.addEventListener("load", answered);
    request.addEventListener("error", function () { refuse(words.broken); });
    request.addEventListener("abort", function () { refuse(words.stopped); });
    request.send(file);
  }

  form.addEventListener("submit", function (event) {
    if (!input.files.length) return;
    event.preventDefault();
    send(input.files[0]);
  });
  document.getElementById("sending-stop").addEventListener("click", function () {
    if (request) request.abort();
  });

  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, function (event) {
      event.preventDefault();
      form.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    form.addEventListener(name, function () { form.classList.remove("over"); });
  }
  form.addEventListener("drop", function (event) {
    event.preventDefault();
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      send(input.files[0]);
    }
  });
  window.addEventListener("beforeunload", function (event) {
    if (request && request.readyState < 4) event.preventDefault();
  });
})();
