// What the simulator is asked for, and how the person is told when it does not answer.

const notice = document.getElementById("notice");
let noticeTimer = 0;

export async function call(path, body, method = "POST") {
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

export function tell(words) {
  notice.textContent = words;
  notice.hidden = false;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => { notice.hidden = true; }, 4000);
}
