"use strict";
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const rows = [...document.querySelectorAll(".error")];
  const selects = [...form.querySelectorAll("select")];
  const search = form.querySelector("input");
  const shown = document.getElementById("shown");
  const words = rows.map((row) => row.textContent.toLowerCase());
  form.hidden = false;

  for (const select of selects) {
    const counts = new Map();
    for (const row of rows) {
      const value = row.dataset[select.name] || "";
      if (value) counts.set(value, (counts.get(value) || 0) + 1);
    }
    for (const [value, count] of [...counts].sort((a, b) => b[1] - a[1])) {
      select.add(new Option(`${value} (${count})`, value));
    }
    select.parentElement.hidden = counts.size < 2;
  }

  const apply = () => {
    const asked = search.value.trim().toLowerCase();
    let number = 0;
    rows.forEach((row, index) => {
      const fits = selects.every((s) => !s.value || row.dataset[s.name] === s.value)
        && (!asked || words[index].includes(asked));
      row.hidden = !fits;
      if (fits) number += 1;
    });
    shown.textContent = `${number.toLocaleString()} of ${rows.length.toLocaleString()} shown`;
  };

  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  apply();
})();
