// On X: whether everybody can read what is written, or the account alone. What the citizen chose is
// kept over a reload; who chose nothing writes in public until there is a talk in private.

const radios = document.getElementById("composer").elements.audience;
const key = `audience ${document.querySelector(".phone").dataset.chat}`;

export function isPublic() {
  return radios?.value === "public";
}

// Until `settle`: a public post is answered in public.
export function speakUp() {
  if (radios) radios.value = "public";
}

export function settle(messages) {
  if (!radios) return;
  const isPrivate = [...messages].some((message) => !message.public);
  radios.value = sessionStorage.getItem(key) ?? (isPrivate ? "private" : "public");
}

document.querySelector(".audience")?.addEventListener("change", () => {
  sessionStorage.setItem(key, radios.value);
});
