//! Answers as people read them.

use std::fmt::Write as _;

use serde_json::Value;

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn items<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The word of a state: `JOB_STATE_QUEUED` is `queued`.
fn state(value: &Value) -> String {
    text(value, "state").trim_start_matches("JOB_STATE_").to_lowercase()
}

/// A job that was accepted, or asked to end.
pub fn accepted(said: &Value) -> String {
    let mut out = format!("job    {}\n", text(said, "job_id"));
    if let Some(run) = said.get("run_id").and_then(Value::as_str) {
        // Writing to a text cannot fail.
        let _ = writeln!(out, "run    {run}");
    }
    let _ = writeln!(out, "state  {}", state(said));
    out
}

/// A job as it stands.
pub fn status(said: &Value) -> String {
    let mut out = accepted(said);
    left(said, &mut out);
    if let Some(provenance) = said.get("provenance") {
        let dirty = provenance.get("dirty_flag").and_then(Value::as_bool) == Some(true);
        let dirty = if dirty { ", with changes" } else { "" };
        let _ =
            writeln!(out, "ran    {}@{}{dirty}", text(provenance, "repo"), text(provenance, "commit_sha"));
        let _ = writeln!(out, "input  {}", text(provenance, "input_hash"));
        let _ = writeln!(out, "with   {}", text(provenance, "tool_versions_json"));
    }
    out
}

/// How a job ended.
pub fn ended(said: &Value) -> String {
    let mut out = format!("{}\n", state(said));
    left(said, &mut out);
    out
}

fn left(said: &Value, out: &mut String) {
    for artifact in items(said, "artifacts") {
        let _ = writeln!(out, "left   {:<20} {}", text(artifact, "kind"), text(artifact, "path"));
    }
}

/// Where a decision is.
pub fn decision(said: &Value) -> String {
    let path = text(said, "gate_decision_path");
    let path = if path.is_empty() { text(said, "promotion_decision_path") } else { path };
    format!("{path}\n")
}

/// What can be run.
pub fn skills(said: &Value) -> String {
    let mut out = String::new();
    for tool in items(said, "tools") {
        let (id, version) = (text(tool, "tool_id"), text(tool, "version"));
        let _ = writeln!(out, "{id:<20} {version:<8} {}", text(tool, "short_description"));
    }
    out
}

/// One event on one line.
pub fn event(event: &Value) -> String {
    let payload: Value = serde_json::from_str(text(event, "payload_json")).unwrap_or_default();
    let time = text(event, "ts").get(11..23).unwrap_or_default();
    let what = match text(event, "event_type") {
        "EVENT_TYPE_STATE_CHANGE" => {
            let from = text(&payload, "from");
            let arrow = if from.is_empty() { "" } else { " -> " };
            format!("state  {from}{arrow}{}", text(&payload, "to"))
        }
        "EVENT_TYPE_LOG" => format!("log    {}", text(&payload, "line")),
        "EVENT_TYPE_GUARD" => format!("guard  {payload}"),
        _ => format!("error  {payload}"),
    };
    format!("{:>4} {time} {what}\n", text(event, "seq"))
}
