/* Foreign texts bring colours and widths in data-css, already sifted: our policy allows no style in a
   page, but a script of ours may set one. Without script the text is there, only plainer. */
for (const element of document.querySelectorAll(".rich-text [data-css]")) {
  element.style.cssText = element.dataset.css;
}
