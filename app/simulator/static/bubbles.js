// Turns messages into what the screen shows; what is done with them is the caller's.

const labels = {
  photo: "Foto", location: "Lokasi", venue: "Tempat", voice: "Pesan suara", sticker: "Stiker",
  document: "Dokumen", video: "Video", contact: "Kontak", start: "Membuka obrolan",
};

export function element(name, className, words) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (words) made.textContent = words;
  return made;
}

function button(words, press) {
  const made = element("button", "", words);
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}

// One button under a message: a link, or a value that `press` sends back.
function key(bubble, given, press) {
  if (!given.url) return button(given.text, () => press(bubble, given.value));
  const link = element("a", "", given.text);
  link.href = given.url;
  link.rel = "noopener noreferrer";
  link.target = "_blank";
  return link;
}

function keys(bubble, press) {
  const box = element("div", "keys");
  for (const row of bubble.buttons) {
    const line = element("div");
    line.append(...row.map((given) => key(bubble, given, press)));
    box.append(line);
  }
  return box;
}

export function quickKeys(bubble, press) {
  return bubble.quick.map((given) => key(bubble, given, press));
}

function clock(bubble) {
  const at = new Date(bubble.at * 1000);
  const hour = at.toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit" });
  const time = element("time", "", (bubble.edited_at ? "diubah " : "") + hour);
  time.dateTime = at.toISOString();
  return time;
}

function authorOf(bubble) {
  return bubble.mine ? "Warga" : "Kanal";
}

// A message in one line, as where it is quoted.
export function excerpt(bubble) {
  if (bubble.kind === "withdrawn") return "Pesan ini ditarik";
  return [labels[bubble.kind], bubble.text].filter(Boolean).join(": ");
}

function quote(quoted) {
  const made = element("blockquote");
  if (quoted) made.append(element("b", "", authorOf(quoted)));
  made.append(element("span", "", quoted ? excerpt(quoted) : "Pesan lama"));
  return made;
}

function body(bubble, act) {
  const made = element("div", "bubble");
  const author = authorOf(bubble);
  if (bubble.public) {
    const head = element("p", "head");
    head.append(element("b", "", author), element("span", "badge", "Publik"));
    made.append(head);
  } else {
    made.append(element("span", "hidden", `${author}:`));
  }
  if (bubble.quoted && bubble.kind !== "withdrawn") made.append(quote(act.quoted));
  if (bubble.kind === "withdrawn") {
    made.append(element("p", "", "Pesan ini ditarik"));
  } else if (bubble.picture) {
    const picture = element("img");
    picture.src = bubble.picture;
    picture.alt = "Foto contoh: jalan berlubang";
    picture.width = 320;
    picture.height = 240;
    picture.addEventListener("load", act.settled);
    made.append(picture);
  } else if (labels[bubble.kind]) {
    made.append(element("p", "kind", labels[bubble.kind]));
  }
  if (bubble.text && bubble.kind !== "withdrawn") made.append(element("p", "", bubble.text));
  made.append(clock(bubble));
  if (bubble.reaction) {
    const reaction = element("span", "reaction", bubble.reaction);
    reaction.setAttribute("aria-label", `Reaksi: ${bubble.reaction}`);
    reaction.setAttribute("role", "img");
    made.append(reaction);
  }
  return made;
}

// What can be done with the message later; the focus opens it, as a tap on the message does.
function menu(acts, open) {
  const box = element("div", "later");
  box.append(...acts.map(([words, press]) => button(words, press)));
  box.addEventListener("focusin", open);
  return box;
}

// `act` has press(bubble, value), settled(), open(item), of(bubble): pairs of a label and what it
// does; and `quoted`, the message that this one answers, if it is on the screen.
export function item(bubble, act) {
  const made = element("li", bubble.kind);
  made.id = `bubble-${bubble.id}`;
  made.classList.toggle("mine", bubble.mine);
  made.classList.toggle("public", bubble.public);
  made.append(body(bubble, act));
  const later = act.of(bubble);
  if (later.length) made.append(menu(later, () => act.open(made)));
  if (bubble.buttons.length) made.append(keys(bubble, act.press));
  return made;
}
