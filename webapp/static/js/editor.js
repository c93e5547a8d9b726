/* The rich-text editor on every field that asks for it. Without script the field is a plain one and works. */
(() => {
  if (!window.hugerte) return;
  const words = JSON.parse(document.currentScript.dataset.words);
  /* Pictures that have no place to go to yet travel inside the text; more than this is too much for a form. */
  const MOST_INSIDE = 3_000_000;
  let bytesInside = 0;
  const dark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark"
    : window.matchMedia("(prefers-color-scheme: dark)").matches;

  /* The paper that one writes on looks as it does everywhere else here. */
  const paper = () => {
    const style = getComputedStyle(document.documentElement);
    const token = (name) => style.getPropertyValue(name).trim();
    return `body { background: ${token("--sheet")}; color: ${token("--ink")}; font: 1rem/1.55 ${token("--sans")}; margin: 0.75rem; }
      a { color: ${token("--accent")}; } h1, h2, h3, h4 { font-family: ${token("--serif")}; }
      img, video { max-width: 100%; height: auto; } td, th { border-color: ${token("--rule")}; }`;
  };

  const inside = (blob) =>
    new Promise((resolve, reject) => {
      bytesInside += blob.blob().size;
      if (bytesInside > MOST_INSIDE) {
        reject({ message: words.large, remove: true });
      } else {
        resolve(`data:${blob.blob().type};base64,${blob.base64()}`);
      }
    });

  const sender = (field) => async (blob) => {
    if (!field.dataset.pictures) return inside(blob);
    const body = new FormData();
    body.append("file", blob.blob(), blob.filename());
    body.append("csrf_token", field.form.elements.csrf_token.value);
    let answer;
    try {
      answer = await fetch(field.dataset.pictures, { method: "POST", body, headers: { Accept: "application/json" } });
    } catch {
      throw { message: words.unreachable, remove: false };
    }
    const said = await answer.json().catch(() => ({}));
    if (said.location) return said.location;
    throw { message: said.problem || words.refused, remove: true };
  };

  const HEIGHTS = { tall: 480, short: 200 };

  const language = document.documentElement.lang;
  window.hugerte.addI18n(language, words.editor);

  const open = (field) => {
    const label = document.querySelector(`label[for="${field.id}"]`);
    window.hugerte.init({
      target: field,
      language,
      base_url: field.dataset.editor,
      suffix: ".min",
      skin: dark ? "oxide-dark" : "oxide",
      content_css: dark ? "dark" : "default",
      content_style: paper(),
      plugins: "autolink code image link lists media table",
      menubar: false,
      toolbar: "blocks | bold italic | bullist numlist | link image table | removeformat code | undo redo",
      toolbar_mode: "wrap",
      block_formats: words.blocks.map((block) => block.join("=")).join("; "),
      height: HEIGHTS[field.dataset.size] || 260,
      branding: false,
      promotion: false,
      elementpath: false,
      statusbar: true,
      resize: true,
      iframe_aria_text: label ? label.textContent : words.text,
      /* What an archive brought stays as it was, addresses and all. */
      convert_urls: false,
      verify_html: false,
      entity_encoding: "raw",
      paste_data_images: true,
      automatic_uploads: Boolean(field.dataset.pictures),
      images_file_types: "png,jpg,jpeg,gif,webp",
      image_title: false,
      image_description: true,
      image_dimensions: true,
      file_picker_types: "image",
      images_upload_handler: sender(field),
      media_live_embeds: false,
      /* A text that nobody touched goes back exactly as it came. */
      add_form_submit_trigger: false,
      setup: (editor) => {
        field.form.addEventListener("submit", () => {
          if (editor.isDirty()) editor.save();
        });
      },
    });
  };

  /* What is folded away waits until somebody unfolds it: a question may have twenty texts. */
  for (const field of document.querySelectorAll("textarea[data-editor]")) {
    const folded = field.closest("details:not([open])");
    if (folded) folded.addEventListener("toggle", () => open(field), { once: true });
    else open(field);
  }
})();
