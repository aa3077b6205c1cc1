"use strict";
// The counter of the registration form, kept fresh while the form is open; never a countdown that hurries.

const counter = document.querySelector("[data-assises-counter]");

if (counter) {
  const left = counter.querySelector("[data-assises-left]");
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const numbers = await (await fetch(counter.dataset.assisesCounter)).json();
      if (left.textContent !== String(numbers.left)) left.textContent = numbers.left;
    } catch {
      // No network: the number stays as it was.
    }
  }, 30000);
}
