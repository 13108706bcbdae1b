// Lets the reader choose what the ratios are against. Without it they are against the usual one.
(function () {
  const chooser = document.querySelector(".chooser");
  const select = chooser.querySelector("select");
  function choose() {
    const name = select.value;
    document.querySelector("[data-baseline]").textContent = name;
    for (const table of document.querySelectorAll("table.rows")) {
      const rows = Array.from(table.querySelectorAll("tr[data-table]"));
      const base = rows.find((row) => row.dataset.table === name);
      for (const row of rows) {
        row.classList.toggle("base", row === base);
        row.querySelector(".ratio").textContent =
          base ? (row.dataset.score / base.dataset.score).toFixed(2) + " ×" : "–";
      }
    }
  }
  select.addEventListener("change", choose);
  chooser.hidden = false;
  choose();
})();
