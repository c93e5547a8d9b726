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
  const BROKEN = "The file did not arrive: the connection broke off. Nothing was changed. Try again.";
  let request = null;

  function size(count) {
    let amount = count;
    let unit = "bytes";
    for (const next of ["kB", "MB", "GB", "TB"]) {
      if (amount < 999.5) break;
      amount /= 1000;
      unit = next;
    }
    return (unit !== "bytes" && amount < 9.95 ? amount.toFixed(1) : Math.round(amount)) + " " + unit;
  }

  function show(id, words) {
    const element = document.getElementById(id);
    if (element.textContent !== words) element.textContent = words;
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
      show("sending-words", "The file has arrived. Looking at it.");
      show("sending-news", "The file has arrived. Looking at it.");
    }
    show("sending-figures", size(event.loaded) + " of " + size(event.total));
  }

  function answered() {
    let answer = {};
    try {
      answer = JSON.parse(request.responseText);
    } catch (error) {
      answer = { problem: BROKEN };
    }
    if (!answer.location) {
      refuse(answer.problem || BROKEN);
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
      refuse("This file has " + size(file.size) + ", and this school takes " + form.dataset.limitWords + " at most. Ask an admin to allow more.");
      return;
    }
    form.hidden = true;
    sending.hidden = false;
    bar.value = 0;
    show("sending-words", "Sending “" + file.name + "”. Stay on this page until it has arrived.");
    show("sending-news", "Sending the file.");
    show("sending-figures", "");
    request = new XMLHttpRequest();
    request.open("POST", form.dataset.raw);
    request.setRequestHeader("X-CSRFToken", form.querySelector("[name=csrf_token]").value);
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", progress);
    request.addEventListener("load", answered);
    request.addEventListener("error", function () { refuse(BROKEN); });
    request.addEventListener("abort", function () { refuse("You stopped sending the file. Nothing was changed."); });
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
