// The phone: shows what the simulator says, sends what the citizen does.

import { isPublic, settle, speakUp } from "./audience.js";
import { excerpt, item, quickKeys } from "./bubbles.js";
import { call, tell } from "./server.js";

const phone = document.querySelector(".phone");
const log = document.getElementById("log");
const line = document.getElementById("line");
const hint = document.getElementById("hint");
const quick = document.getElementById("quick");
const silence = document.getElementById("pause");
const text = document.getElementById("text");
const task = document.getElementById("task");
const composer = document.getElementById("composer");
const attach = document.getElementById("attach");
const attachments = document.getElementById("attachments");
const block = document.getElementById("block");
const base = `/simulator/${phone.dataset.platform}/chats/${phone.dataset.chat}`;
const { mention } = phone.dataset;
const [can, quotable, quoting] = ["acts", "quotable", "quoting"].map(
  (name) => new Set(phone.dataset[name].split(" ")),
);
const bubbles = new Map();
let blocked = false;
let silenceTimer = 0;
let about = null; // what the composer writes about: { edit: id } or { reply_to: id }

// Messages

function toEnd() {
  log.scrollTop = log.scrollHeight;
}

function press(bubble, value) {
  call(`${base}/press`, { message_id: bubble.id, value });
  text.focus({ preventScroll: true });
}

// On X posts are answered, and only another's calls him; elsewhere each message can be quoted.
function answerable(bubble) {
  const here = mention ? bubble.public && !bubble.mine : true;
  return can.has("reply") && quotable.has(bubble.kind) && here;
}

function laterActs(bubble) {
  const acts = [];
  if (bubble.kind === "withdrawn") return acts;
  if (answerable(bubble)) {
    const words = mention ? "Membalas kiriman publik" : `Membalas: ${excerpt(bubble)}`;
    acts.push(["Balas", () => begin({ reply_to: bubble.id }, words, text.value)]);
  }
  const editable = can.has("edit") && (bubble.public || !mention); // on X posts only
  if (bubble.mine && bubble.kind === "text" && editable) {
    acts.push(["Ubah", () => begin({ edit: bubble.id }, "Mengubah pesan", bubble.text)]);
  }
  if (bubble.mine && can.has("withdraw")) {
    acts.push(["Batalkan kirim", () => act({ withdraw: { message_id: bubble.id } })]);
  }
  if (!bubble.mine && !bubble.reaction && can.has("react")) {
    acts.push(["Suka 👍", () => act({ reaction: { message_id: bubble.id } })]);
  }
  return acts;
}

function draw(bubble, fresh) {
  const old = document.getElementById(`bubble-${bubble.id}`);
  const quoted = bubbles.get(bubble.quoted);
  const made = item(bubble, { press, settled: toEnd, open, of: laterActs, quoted });
  made.classList.toggle("new", !fresh && !old);
  if (old) old.replaceWith(made);
  else log.append(made);
  return Boolean(old);
}

// A message that changes changes where it is quoted too.
function show(bubble, fresh) {
  bubbles.set(bubble.id, bubble);
  if (!draw(bubble, fresh)) return;
  for (const each of bubbles.values()) if (each.quoted === bubble.id) draw(each, fresh);
}

// Quick replies belong to the last message, and go with the next.
function showQuick() {
  const last = bubbles.get(Math.max(...bubbles.keys()));
  quick.hidden = !last?.quick.length || blocked;
  quick.replaceChildren(...(quick.hidden ? [] : quickKeys(last, press)));
}

// One message at a time shows what can be done with it.
function open(made) {
  log.querySelector(".open")?.classList.remove("open");
  made?.classList.add("open");
  made?.scrollIntoView({ block: "nearest" });
}

// Why the account writes nothing, as long as it may not.
function showPause(pause) {
  clearTimeout(silenceTimer);
  silence.hidden = !pause;
  if (!pause) return;
  const ends = new Date(pause.until * 1000);
  const free = new Date(ends.getTime() + 59_999); // never told too early
  const hour = free.toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit" });
  const day = free.toDateString() === new Date().toDateString() ? "" : "besok ";
  const words = `${pause.words} ${day}mulai pukul ${hour}.`;
  if (silence.textContent !== words) silence.textContent = words;
  silenceTimer = setTimeout(showPause, ends - Date.now());
  toEnd();
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
    if (change.fresh) {
      log.replaceChildren();
      bubbles.clear();
    }
    for (const bubble of change.bubbles.sort((a, b) => a.id - b.id)) show(bubble, change.fresh);
    if (change.blocked !== blocked) setBlocked(change.blocked);
    hint.hidden = log.childElementCount > 0;
    showQuick();
    if (!about) settle(bubbles.values());
    showPause(change.pause);
    if (change.bubbles.length) toEnd();
    if (change.notice) tell(change.notice);
  });
}

// Writing

// On X a public post names the account, or the platform would not tell it.
function addressed(words) {
  if (!isPublic() || words.includes(mention)) return words;
  return `${mention} ${words}`.trim();
}

// A post answers the one that was chosen; without, it begins a thread of its own.
function posted() {
  return { public: true, reply_to: about?.reply_to ?? 0 };
}

function write(writing) {
  return call(`${base}/messages`, writing);
}

// What is done with a message at once takes its menu away, and with it the focus.
function act(writing) {
  write(writing);
  text.focus({ preventScroll: true });
}

function begin(what, words, filled) {
  about = what;
  task.hidden = false;
  task.querySelector("span").textContent = words;
  if (what.reply_to) speakUp();
  text.value = filled;
  grow();
  text.focus();
}

function done() {
  about = null;
  task.hidden = true;
  settle(bubbles.values());
}

function grow() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight + 2, 132)}px`;
}

function composed(words) {
  if (about?.edit) return { edit: { message_id: about.edit, text: words } };
  const writing = { text: addressed(words) };
  if (isPublic()) Object.assign(writing, posted());
  else if (about?.reply_to && !mention) writing.reply_to = about.reply_to;
  return writing;
}

function clear() {
  text.value = "";
  grow();
  text.focus();
}

async function send() {
  const words = text.value.trim();
  if (!words) return;
  const writing = composed(words);
  clear();
  const sent = await write(writing);
  if (sent) done();
  else if (!text.value) {
    text.value = words;
    grow();
  }
}

// A file on X is part of a post, so it takes the words along.
function sendFile(name) {
  const writing = { [name]: {} };
  if (mention) {
    writing[name].caption = addressed(text.value.trim());
    if (isPublic()) Object.assign(writing, posted());
    done();
    clear();
  } else if (about?.reply_to) {
    if (quoting.has(name)) writing.reply_to = about.reply_to;
    done();
  }
  write(writing);
  text.focus();
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
task.querySelector("button").addEventListener("click", () => {
  done();
  clear();
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
  sendFile(choice.dataset.send);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || attachments.hidden) return;
  openAttachments(false);
  attach.focus();
});
document.addEventListener("click", (event) => {
  if (!attachments.hidden && !event.target.closest(".attach")) openAttachments(false);
  const touched = event.target.closest(".bubble") && event.target.closest("#log li");
  const opens = touched && !touched.classList.contains("open") && getSelection().isCollapsed;
  open(opens ? touched : null);
});
block.addEventListener("click", () => call(`${base}/${blocked ? "unblock" : "block"}`));

listen();
text.focus({ preventScroll: true });
