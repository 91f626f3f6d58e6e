// The page of the phone. It shows what its server tells, and tells it what the person does; it decides nothing.
"use strict";

const $ = (id) => document.getElementById(id);
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const MOST_LINES = 400;
const LATE_WORDS_MS = 1000; // words are looked for three times a second, so the last ones come after the end
const INTENDED_CLOSE = 31921; // the carrier logs it as an error also where nothing is wrong
const ENDED_BY = {
  caller: "You hung up.",
  hotline: "The hotline hung up.",
  carrier: "The line was cut: the hotline gave no usable answer. See the last event.",
};
const HOTLINE = { ready: "The hotline is ready.", starting: "The hotline is starting." };
const LOST = "The phone’s server is gone. Start it again (voicebot simulate phone); this page comes back by itself.";

let socket = null, isCalling = false, isReady = false, isHeldElsewhere = false;
const sound = new Sound({
  onFrame(pcm, level) {
    $("level").value = level;
    if (pcm && isCalling && socket.readyState === WebSocket.OPEN) socket.send(pcm);
  },
  onMicrophone(words, isUsed) {
    $("mic").textContent = words;
    $("mute").disabled = !isUsed;
    $("mic-again").hidden = isUsed;
  },
});

function send(message) {
  if (socket && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function quality() {
  const [noise, below] = $("noise").value.split(":");
  return { loss_percent: +$("loss").value, jitter_ms: +$("jitter").value, noise, noise_below_db: +below };
}

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function add(list, item) {
  const frame = list.parentElement;
  const isAtEnd = frame.scrollHeight - frame.scrollTop - frame.clientHeight < 40;
  list.append(item);
  while (list.children.length > MOST_LINES) list.firstChild.remove();
  if (isAtEnd) frame.scrollTop = frame.scrollHeight;
}

function trouble(words) {
  $("trouble").textContent = words;
  $("trouble").hidden = !words;
}

function arrange() {
  $("dial").disabled = isCalling || !isReady || isHeldElsewhere;
  $("hang-up").disabled = !isCalling;
  $("say").disabled = !isCalling;
  for (const key of $("keys").children) key.disabled = !isCalling;
  $("number").disabled = isCalling;
}

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(1).padStart(4, "0")}`;
}

function word(who, text) {
  const line = element("li", "", who === "hotline" ? "hotline" : "caller");
  line.append(element("b", who === "hotline" ? "Hotline " : "You "), document.createTextNode(text));
  add($("words"), line);
  return line;
}

function settlePartial() {
  if (!$("partial").hidden) word("caller", $("partial").dataset.words);
  $("partial").hidden = true;
}

function fact(list, name, value) {
  if (!value) return;
  list.append(element("dt", name), element("dd", value));
}

function day(instant) {
  return new Date(instant).toLocaleString([], { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

const TOLD = {
  hello(told) {
    isHeldElsewhere = false;
    $("elsewhere").hidden = true;
    $("clip").replaceChildren(...told.clips.map((clip) => new Option(clip.words, clip.name)));
    $("words-help").textContent = told.shows_words
      ? "What the hotline says, and what it understands while you speak."
      : "To see words here, start the hotline with VOICEBOT_LIVE_VIEW_FILE set to a file, and this phone with the same.";
    $("flows").textContent = `A flow file saved in ${told.flows} is the flow of the next call. With a fault in it the hotline keeps the one before; voicebot flows check says what is wrong.`;
    $("state").textContent = `No call. Dial rings ${told.number}.`;
    arrange();
  },
  hotline(told) {
    isReady = told.name === "ready";
    $("hotline").textContent = told.why || HOTLINE[told.name];
    $("hotline").className = isReady || told.name === "starting" ? "fine" : "note bad";
    arrange();
  },
  call(told) {
    isCalling = told.state !== "ended";
    if (told.state === "ringing") $("state").textContent = "Ringing …";
    if (told.state === "answered") $("state").textContent = "On the line.";
    if (told.state === "ended") {
      setTimeout(settlePartial, LATE_WORDS_MS);
      $("state").textContent = `${ENDED_BY[told.by] || "The call is over."} Dial to call again.`;
    }
    arrange();
    if (told.state === "ended") $("dial").focus();
    if (told.state === "answered") $("hang-up").focus();
  },
  said(told) { settlePartial(); word("hotline", told.text); },
  partial(told) {
    if (!told.text) return settlePartial();
    $("partial").dataset.words = told.text;
    $("partial").textContent = `You … ${told.text}`;
    $("partial").hidden = false;
  },
  key(told) { settlePartial(); word("caller", `key ${told.text}`); },
  case(told) {
    $("no-case").hidden = true;
    const list = $("case");
    list.replaceChildren();
    list.hidden = false;
    fact(list, "Number", told.number);
    fact(list, "Status", told.status);
    fact(list, "Problem", told.problem);
    fact(list, "Wish", told.demand);
    fact(list, "Promise", told.promise);
    if (told.window) fact(list, "Window", `${day(told.window[0])} to ${day(told.window[1])} (your time)`);
    fact(list, "Owner", told.owner);
    fact(list, "Turns", String(told.turns));
  },
  text(told) { $("no-texts").hidden = true; add($("texts"), element("li", told.body)); },
  event(told) {
    const isIntended = told.code === INTENDED_CLOSE;
    const code = told.code ? ` ${told.code}` : "";
    const text = `${clock(told.at_s)}  ${told.kind.replaceAll("_", " ")}${code}  ${told.detail}`;
    add($("events"), element("li", isIntended ? `${text} (as at every intended close)` : text, told.code && !isIntended ? "bad" : ""));
  },
  twiml(told) {
    const item = element("li", clock(told.at_s));
    item.append(element("pre", told.text.replaceAll("><", ">\n<")));
    add($("twiml"), item);
  },
  refused(told) { trouble(told.why); },
  busy() { elsewhere("The phone is open in another tab or window. Go on there, or use it here; a call under way there ends."); },
  taken() { elsewhere("The phone was taken over by another tab or window, and its call here has ended."); },
};

function elsewhere(words) {
  isHeldElsewhere = true;
  isCalling = false;
  socket.close();
  $("elsewhere-words").textContent = words;
  $("elsewhere").hidden = false;
  $("state").textContent = "Not connected.";
  arrange();
}

function connect(takesOver) {
  socket = new WebSocket(`ws://${location.host}/line${takesOver ? "?take=1" : ""}`);
  socket.binaryType = "arraybuffer";
  socket.onopen = () => trouble("");
  socket.onmessage = ({ data }) => {
    if (typeof data !== "string") return sound.hear(data);
    const told = JSON.parse(data);
    TOLD[told.type](told);
  };
  socket.onclose = () => {
    isReady = isCalling = false;
    arrange();
    if (isHeldElsewhere) return;
    $("state").textContent = "No phone.";
    $("hotline").textContent = "";
    trouble(LOST);
    setTimeout(connect, 1500);
  };
}

async function dial() {
  trouble("");
  for (const id of ["words", "events", "twiml", "texts"]) $(id).replaceChildren();
  $("case").hidden = $("partial").hidden = true;
  $("no-case").hidden = $("no-texts").hidden = false;
  $("dial").disabled = true;
  try {
    await sound.open();
    sound.hear(null);
  } catch (error) {
    trouble(`The browser plays no sound here (${error.name}): the call is silent for you, but keys and recordings work.`);
  }
  send({ type: "dial", number: $("number").value.replace(/[\s()-]/g, ""), quality: quality() });
  arrange();
}

for (const key of KEYS) {
  const button = element("button", key);
  button.type = "button";
  button.disabled = true;
  button.setAttribute("aria-label", { "*": "star", "#": "pound" }[key] || key);
  button.addEventListener("click", () => press(key));
  $("keys").append(button);
}

function press(keys) {
  send({ type: "press", keys });
  const button = [...$("keys").children].find((each) => each.textContent === keys);
  button.classList.add("pressed");
  setTimeout(() => button.classList.remove("pressed"), 150);
}

document.addEventListener("keydown", (pressed) => {
  const isTyping = pressed.target.matches("input, select, textarea");
  if (!isCalling || isTyping || pressed.ctrlKey || pressed.metaKey || pressed.altKey || pressed.repeat) return;
  if (KEYS.includes(pressed.key)) {
    pressed.preventDefault();
    press(pressed.key);
  }
});
$("dial").addEventListener("click", dial);
$("number").addEventListener("keydown", (pressed) => { if (pressed.key === "Enter" && !$("dial").disabled) dial(); });
$("hang-up").addEventListener("click", () => send({ type: "hang_up" }));
$("say").addEventListener("click", () => send({ type: "clip", name: $("clip").value }));
$("take").addEventListener("click", () => connect(true));
$("mic-again").addEventListener("click", () => sound.openMicrophone());
$("mute").addEventListener("click", () => {
  sound.isMuted = !sound.isMuted;
  $("mute").setAttribute("aria-pressed", String(sound.isMuted));
  $("mute").textContent = sound.isMuted ? "Muted" : "Mute";
});
for (const id of ["loss", "jitter", "noise"]) $(id).addEventListener("change", () => send({ type: "line", quality: quality() }));
connect(false);
