// Security keys and passkeys: the browser asks the key, and the form carries its answer.
"use strict";

const missing = document.querySelector("[data-assises-key-missing]");
const failed = document.querySelector("[data-assises-key-failed]");

for (const button of document.querySelectorAll("button[data-assises-key]")) {
  if (!window.PublicKeyCredential) continue;
  button.hidden = false;
  missing.hidden = true;
  button.addEventListener("click", async () => {
    const options = JSON.parse(document.getElementById("key-options").textContent);
    failed.hidden = true;
    try {
      const answer =
        button.dataset.assisesKey === "create"
          ? await window.webauthnJSON.create(options.creation_options)
          : await window.webauthnJSON.get(options.request_options);
      button.form.elements.credential.value = JSON.stringify(answer);
      button.form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}
