// Sends the chosen photo to /v1/map, or /v1/score where the model has no map, and shows what comes back.
const element = (id) => document.getElementById(id);
const drop = element("drop");
const token = element("token");
// The colors of Vernier's maps, from the worst part to the best (viridis, CC0).
const COLORS = [
  [68, 1, 84], [72, 40, 120], [62, 74, 137], [49, 104, 142], [38, 130, 142], [31, 158, 137], [53, 183, 121],
  [110, 206, 88], [181, 222, 43], [253, 231, 37],
];
let hasMap = false;
let shown = null;

function headers() {
  return token.value ? { Authorization: `Bearer ${token.value}` } : {};
}

async function describe() {
  const response = await fetch("/v1/models", { headers: headers() });
  element("token-label").hidden = response.status !== 401 && !token.value;
  if (!response.ok) {
    element("model").textContent = "Give a token to use this service.";
    return;
  }
  const { models } = await response.json();
  const model = models[0];
  hasMap = model.map;
  element("model").textContent =
    `Model ${model.model}: ${model.attribute}, in ${model.unit ?? "its own unit"}`;
}

// The scores of the parts on a grid: a cell has the mean of the parts over it, null where there is none.
function grid(answer, columns, rows) {
  const cells = [];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const x = ((column + 0.5) * answer.width) / columns;
      const y = ((row + 0.5) * answer.height) / rows;
      const over = answer.parts.filter(({ area: [left, top, width, height] }) =>
        x >= left && x < left + width && y >= top && y < top + height);
      cells.push(over.length ? over.reduce((sum, part) => sum + part.score, 0) / over.length : null);
    }
  }
  return cells;
}

function color(share) {
  const place = Math.min(Math.max(share, 0), 1) * (COLORS.length - 1);
  const first = Math.min(Math.floor(place), COLORS.length - 2);
  return COLORS[first].map((level, band) => level + (COLORS[first + 1][band] - level) * (place - first));
}

// Draws map and face in the photo's own proportions; the page scales the canvas with the photo.
function draw() {
  const canvas = element("overlay");
  canvas.setAttribute("aria-label", shown ? "Quality of the photo’s parts, and its face" : "No map");
  const scale = shown ? Math.min(1, 800 / Math.max(shown.width, shown.height)) : 0;
  canvas.width = shown ? Math.max(1, Math.round(shown.width * scale)) : 1;
  canvas.height = shown ? Math.max(1, Math.round(shown.height * scale)) : 1;
  if (!shown) return;
  const context = canvas.getContext("2d");
  if (element("show-map").checked && shown.parts.length) {
    const [columns, rows] = [Math.ceil(canvas.width / 8), Math.ceil(canvas.height / 8)];
    grid(shown, columns, rows).forEach((value, index) => {
      if (value === null) return;
      context.fillStyle = `rgb(${color((value - shown.low) / (shown.high - shown.low)).map(Math.round).join(" ")} / .5)`;
      context.fillRect((index % columns) * 8, Math.floor(index / columns) * 8, 8, 8);
    });
  }
  if (element("show-face").checked && shown.face) {
    for (const [style, width] of [["#000", 5], ["#fff", 2.5]]) {
      context.strokeStyle = style;
      context.lineWidth = width;
      context.strokeRect(...shown.face.map((value) => value * scale));
    }
  }
}

function showMap(answer) {
  const scores = answer ? answer.parts.map((part) => part.score) : [];
  const [low, high] = scores.length ? [Math.min(...scores), Math.max(...scores)] : [0, 1];
  shown = answer ? { ...answer, low, high: high > low ? high : low + 1 } : null;
  element("layers").hidden = !answer;
  element("key").hidden = !scores.length;
  element("low").textContent = low.toFixed(2);
  element("high").textContent = high.toFixed(2);
  element("meaning").textContent = answer ? `Map: ${answer.meaning}` : "";
  element("face").textContent = answer && answer.face ? "Face" : "No face was found";
  element("show-face").disabled = !(answer && answer.face);
  draw();
}

async function score(file) {
  element("error").textContent = "";
  element("result").hidden = true;
  drop.firstElementChild.textContent = "Scoring…";
  try {
    const response = await fetch(hasMap ? "/v1/map" : "/v1/score", { method: "POST", headers: headers(), body: file });
    const body = await response.json();
    if (!response.ok) throw new Error(body.error.message);
    const answer = hasMap ? body.score : body;
    showMap(hasMap ? body : null);
    const shown = (value) => value.toFixed(2);
    element("score").textContent = shown(answer.score);
    element("unit").textContent = answer.unit ?? "";
    element("interval").textContent = answer.low === null
      ? "This model gives no interval."
      : `95 % interval: ${shown(answer.low)} to ${shown(answer.high)}`;
    element("outside").textContent = answer.outside
      ? "The photo lies outside what the model knows: its score means little." : "";
    element("remark").textContent = answer.remark ?? "";
    const photo = element("photo");
    URL.revokeObjectURL(photo.src);
    photo.src = URL.createObjectURL(file);
    element("result").hidden = false;
  } catch (error) {
    element("error").textContent = error.message;
  }
  drop.firstElementChild.textContent = "Drop a photo here, or choose one";
}

element("file").addEventListener("change", (event) => {
  if (event.target.files[0]) score(event.target.files[0]);
});
for (const name of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", name === "dragover");
    if (name === "drop" && event.dataTransfer.files[0]) score(event.dataTransfer.files[0]);
  });
}
token.addEventListener("change", describe);
for (const name of ["show-map", "show-face"]) element(name).addEventListener("change", draw);
element("form").addEventListener("submit", (event) => event.preventDefault());
describe();
