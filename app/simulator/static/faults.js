// The panel of faults: switches of this platform, or of all.

import { call } from "./server.js";

const panel = document.getElementById("faults");
const line = document.getElementById("faults-line");
const scope = document.getElementById("scope");
const switches = [...document.querySelectorAll("[data-fault]")];
const calm = { duplicate: 1 };
const everywhere = "/simulator/faults";

let changes = 0; // an answer asked for before a change is not shown after it

const path = () => (scope.value ? `${everywhere}?platform=${scope.value}` : everywhere);

// For all platforms a switch is on where it is on for each of them.
function show(answer) {
  if (!answer) return;
  const states = scope.value ? [answer] : Object.values(answer);
  for (const box of switches) {
    const rest = calm[box.dataset.fault] ?? 0;
    box.checked = states.every((state) => state[box.dataset.fault] !== rest);
  }
  const on = switches.filter((box) => box.checked).length;
  line.textContent = on ? `${on} gangguan menyala` : "Semua berjalan normal";
}

async function change(ask) {
  const mine = (changes += 1);
  const answer = await ask();
  if (mine === changes) show(answer);
}

for (const box of switches) {
  box.addEventListener("change", async () => {
    const name = box.dataset.fault;
    const value = box.checked ? Number(box.dataset.value) : calm[name] ?? 0;
    await change(() => call(path(), { [name]: value }));
  });
}

async function refresh() {
  if (!panel.open) return;
  const before = changes;
  const answer = await call(path(), null, "GET");
  if (before === changes) show(answer);
}

document.getElementById("clear").addEventListener("click", async () => {
  await call(everywhere, null, "DELETE");
  await refresh();
});
scope.addEventListener("change", refresh);
panel.addEventListener("toggle", refresh);
setInterval(refresh, 2000);
