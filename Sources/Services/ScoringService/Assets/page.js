// Sends the chosen photo to /v1/score and shows what comes back.
const element = (id) => document.getElementById(id);
const drop = element("drop");
const token = element("token");

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
  element("model").textContent =
    `Model ${model.model}: ${model.attribute}, in ${model.unit ?? "its own unit"}`;
}

async function score(file) {
  element("error").textContent = "";
  element("result").hidden = true;
  drop.firstElementChild.textContent = "Scoring…";
  try {
    const response = await fetch("/v1/score", { method: "POST", headers: headers(), body: file });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error.message);
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
element("form").addEventListener("submit", (event) => event.preventDefault());
describe();
