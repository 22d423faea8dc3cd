// The sample shop's own script: a basket in memory, options, a filter. It stores and sends nothing.
let count = 0;
const basket = document.querySelector("[data-basket]");
const said = document.querySelector("[data-said]");

document.addEventListener("click", ({ target }) => {
  const add = target.closest("[data-add]");
  if (add) {
    count += 1;
    if (basket) basket.textContent = `${basket.dataset.basket} ${count}`;
    if (said) said.textContent = add.dataset.add;
  }
  const option = target.closest(".options button");
  if (option) {
    for (const one of option.parentElement.children) one.setAttribute("aria-pressed", String(one === option));
    const stage = document.querySelector(".stage");
    if (stage && option.dataset.finish) stage.className = `stage ${option.dataset.finish}`;
    if (option.dataset.kind) {
      for (const machine of document.querySelectorAll(".machine")) {
        machine.hidden = option.dataset.kind !== "all" && machine.dataset.kind !== option.dataset.kind;
      }
    }
  }
});
