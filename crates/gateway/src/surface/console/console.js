// What pages can do beyond showing: send a request from the form of an operation, and show events
// as they happen. Every page reads the same without it.
"use strict";

function text(tag, content, className) {
  const element = document.createElement(tag);
  element.textContent = content;
  if (className) element.className = className;
  return element;
}

// The request the form describes now.
function requestOf(form) {
  let path = form.dataset.template;
  for (const input of form.querySelectorAll("[data-path]")) {
    path = path.replace(`{${input.dataset.path}}`, encodeURIComponent(input.value));
  }
  const query = new URLSearchParams();
  for (const input of form.querySelectorAll("[data-query]")) {
    if (input.value) query.append(input.dataset.query, input.value);
  }
  const headers = {};
  for (const input of form.querySelectorAll("[data-header]")) {
    if (input.value) headers[input.dataset.header] = input.value;
  }
  const token = form.querySelector("[data-token]");
  const body = form.querySelector("[data-body]");
  if (body && body.value) headers["Content-Type"] = "application/json";
  return {
    method: form.dataset.method,
    target: path + (query.size ? `?${query}` : ""),
    headers,
    needsToken: token !== null,
    token: token ? token.value.trim() : "",
    body: body && body.value ? body.value : undefined,
  };
}

function quoted(word) {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function curlOf(request) {
  const parts = [`curl -i -X ${request.method} ${quoted(location.origin + request.target)}`];
  if (request.needsToken) parts.push('-H "Authorization: Bearer $TOKEN"');
  for (const [name, value] of Object.entries(request.headers)) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (request.body !== undefined) parts.push(`-d ${quoted(request.body)}`);
  return parts.join(" \\\n  ");
}

async function send(form, answer) {
  const request = requestOf(form);
  const headers = { ...request.headers };
  if (request.token) headers.Authorization = `Bearer ${request.token}`;
  const began = performance.now();
  answer.hidden = false;
  try {
    const response = await fetch(request.target, {
      method: request.method, headers, body: request.body, credentials: "omit", cache: "no-store",
    });
    let body = await response.text();
    const took = Math.round(performance.now() - began);
    try { body = JSON.stringify(JSON.parse(body), null, 2); } catch { /* not JSON: shown as it is */ }
    const line = text("p", "", "line");
    line.append(text("span", String(response.status), `status s${Math.floor(response.status / 100)}`), ` ${response.statusText} in ${took} ms`);
    const fields = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
    const details = document.createElement("details");
    details.append(text("summary", "Header fields"), text("pre", fields));
    answer.replaceChildren(line, text("pre", body || "(no body)"), details);
  } catch (error) {
    answer.replaceChildren(text("p", `Nothing came back: ${error.message}`, "verdict bad"));
  }
}

const form = document.querySelector("[data-trial]");
if (form) {
  const button = form.querySelector("[data-send]");
  const answer = document.querySelector("[data-answer]");
  const curl = document.querySelector("[data-curl]");
  button.hidden = false;
  form.addEventListener("input", () => { curl.textContent = curlOf(requestOf(form)); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    await send(form, answer);
    button.disabled = false;
  });
}

// Rows on the page of events, a count: older ones make room.
const ROWS_MAX = 200;

const table = document.querySelector("[data-events]");
if (table) {
  const live = document.querySelector("[data-live]");
  const rows = table.tBodies[0];
  const source = new EventSource(`/_tenon/console/stream?after=${encodeURIComponent(table.dataset.after)}`);
  source.onopen = () => { live.hidden = false; live.textContent = "live"; live.classList.remove("lost"); };
  source.onerror = () => { live.hidden = false; live.textContent = "not connected"; live.classList.add("lost"); };
  const show = (message) => {
    const envelope = JSON.parse(message.data);
    rows.querySelector("[data-none]")?.remove();
    const row = rows.insertRow(0);
    row.className = "new";
    const number = row.insertCell();
    number.className = "number";
    const link = text("a", message.lastEventId);
    link.href = `/_tenon/console/events/${encodeURIComponent(message.lastEventId)}`;
    number.append(link);
    row.insertCell().append(text("strong", envelope.type ?? ""));
    row.insertCell().textContent = envelope.tenant ?? "";
    const when = row.insertCell();
    when.className = "when";
    when.textContent = (envelope.time ?? "").replace("T", " ").replace("Z", "");
    row.insertCell().append(text("code", envelope.correlationid ?? "", "small"));
    while (rows.rows.length > ROWS_MAX) rows.deleteRow(-1);
  };
  for (const type of JSON.parse(table.dataset.events)) source.addEventListener(type, show);
  source.onmessage = show;
}
