// The phone: shows what the simulator says, sends what the citizen does.
"use strict";

const phone = document.querySelector(".phone");
const log = document.getElementById("log");
const line = document.getElementById("line");
const notice = document.getElementById("notice");
const hint = document.getElementById("hint");
const text = document.getElementById("text");
const composer = document.getElementById("composer");
const attach = document.getElementById("attach");
const attachments = document.getElementById("attachments");
const block = document.getElementById("block");
const base = `/simulator/${phone.dataset.platform}/chats/${phone.dataset.chat}`;
const labels = {
  photo: "Foto", location: "Lokasi", venue: "Tempat", voice: "Pesan suara", sticker: "Stiker",
  document: "Dokumen", video: "Video", contact: "Kontak",
};
let blocked = false;
let noticeTimer = 0;

async function call(path, body, method = "POST") {
  const options = { method, headers: { "Content-Type": "application/json" } };
  if (method === "POST") options.body = JSON.stringify(body ?? {});
  try {
    const answer = await fetch(path, method === "GET" ? {} : options);
    if (answer.ok) return await answer.json();
    tell("Tidak bisa dikirim sekarang.");
  } catch {
    tell("Simulator tidak menjawab. Apakah masih berjalan?");
  }
  return null;
}

function tell(words) {
  notice.textContent = words;
  notice.hidden = false;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => { notice.hidden = true; }, 4000);
}

function element(name, className, words) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (words) made.textContent = words;
  return made;
}

// Bubbles

function bubbleBody(bubble) {
  const body = element("div", "bubble");
  body.append(element("span", "hidden", bubble.mine ? "Warga:" : "Kanal:"));
  if (bubble.picture) {
    const picture = element("img");
    picture.src = bubble.picture;
    picture.alt = "Foto contoh: jalan berlubang";
    picture.width = 320;
    picture.height = 240;
    picture.addEventListener("load", toEnd);
    body.append(picture);
  } else if (labels[bubble.kind]) {
    body.append(element("p", "kind", labels[bubble.kind]));
  }
  if (bubble.text) body.append(element("p", "", bubble.text));
  const at = new Date(bubble.at * 1000);
  const clock = at.toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit" });
  const time = element("time", "", (bubble.edited_at ? "diubah " : "") + clock);
  time.dateTime = at.toISOString();
  body.append(time);
  return body;
}

function key(bubble, button) {
  if (button.url) {
    const link = element("a", "", button.text);
    link.href = button.url;
    link.rel = "noopener noreferrer";
    link.target = "_blank";
    return link;
  }
  const made = element("button", "", button.text);
  made.type = "button";
  made.addEventListener("click", () => {
    call(`${base}/press`, { message_id: bubble.id, value: button.value });
    text.focus({ preventScroll: true });
  });
  return made;
}

function keys(bubble) {
  const box = element("div", "keys");
  for (const row of bubble.buttons) {
    const line = element("div");
    line.append(...row.map((button) => key(bubble, button)));
    box.append(line);
  }
  return box;
}

function show(bubble, fresh) {
  const id = `bubble-${bubble.id}`;
  const old = document.getElementById(id);
  const item = element("li", bubble.kind);
  item.id = id;
  item.classList.toggle("mine", bubble.mine);
  item.classList.toggle("new", !fresh && !old);
  item.append(bubbleBody(bubble));
  if (bubble.buttons.length) item.append(keys(bubble));
  if (old) old.replaceWith(item);
  else log.append(item);
}

function toEnd() {
  log.scrollTop = log.scrollHeight;
}

function setBlocked(now) {
  blocked = now;
  block.setAttribute("aria-pressed", String(now));
  block.textContent = now ? "Buka blokir" : "Blokir bot";
  for (const control of composer.elements) control.disabled = now;
  text.placeholder = now ? "Bot ini Anda blokir" : "Tulis pesan…";
}

// Events from the simulator; the browser reconnects by itself

function listen() {
  const events = new EventSource(`${base}/events`);
  events.addEventListener("open", () => { line.textContent = "tersambung"; });
  events.addEventListener("error", () => {
    line.textContent = "terputus, menyambung lagi…";
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 1000);
  });
  events.addEventListener("message", (event) => {
    const change = JSON.parse(event.data);
    if (change.fresh) log.replaceChildren();
    for (const bubble of change.bubbles.sort((a, b) => a.id - b.id)) show(bubble, change.fresh);
    if (change.bubbles.length) toEnd();
    if (change.blocked !== blocked) setBlocked(change.blocked);
    if (change.notice) tell(change.notice);
    hint.hidden = log.childElementCount > 0;
  });
}

// Writing

function grow() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight + 2, 132)}px`;
}

async function send() {
  const words = text.value.trim();
  if (!words) return;
  text.value = "";
  grow();
  text.focus();
  const sent = await call(`${base}/messages`, { text: words });
  if (!sent && !text.value) {
    text.value = words;
    grow();
  }
}

function openAttachments(open) {
  attachments.hidden = !open;
  attach.setAttribute("aria-expanded", String(open));
  if (open) attachments.querySelector("button").focus();
}

text.addEventListener("input", grow);
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
composer.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
document.getElementById("example").addEventListener("click", (event) => {
  text.value = event.currentTarget.textContent;
  grow();
  text.focus();
});
attach.addEventListener("click", () => openAttachments(attachments.hidden));
attachments.addEventListener("click", (event) => {
  const choice = event.target.closest("button");
  if (!choice) return;
  openAttachments(false);
  call(`${base}/messages`, JSON.parse(choice.dataset.send));
  text.focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || attachments.hidden) return;
  openAttachments(false);
  attach.focus();
});
document.addEventListener("click", (event) => {
  if (!attachments.hidden && !event.target.closest(".attach")) openAttachments(false);
});
block.addEventListener("click", () => call(`${base}/${blocked ? "unblock" : "block"}`));

// Faults

const faults = document.getElementById("faults");
const faultsLine = document.getElementById("faults-line");
const switches = [...document.querySelectorAll("[data-fault]")];
const calm = { duplicate: 1 };

function showFaults(state) {
  if (!state) return;
  for (const box of switches) {
    box.checked = state[box.dataset.fault] !== (calm[box.dataset.fault] ?? 0);
  }
  const on = switches.filter((box) => box.checked).length;
  faultsLine.textContent = on ? `${on} gangguan menyala` : "Semua berjalan normal";
}

for (const box of switches) {
  box.addEventListener("change", async () => {
    const name = box.dataset.fault;
    const value = box.checked ? Number(box.dataset.value) : calm[name] ?? 0;
    showFaults(await call("/simulator/faults", { [name]: value }));
  });
}
document.getElementById("clear").addEventListener("click", async () => {
  showFaults(await call("/simulator/faults", null, "DELETE"));
});
async function refreshFaults() {
  if (faults.open) showFaults(await call("/simulator/faults", null, "GET"));
}
faults.addEventListener("toggle", refreshFaults);
setInterval(refreshFaults, 2000);

listen();
text.focus({ preventScroll: true });
