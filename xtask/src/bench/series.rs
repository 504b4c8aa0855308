//! Runs two commands in turns, so that whatever else the machine does falls on both alike.

use std::path::Path;
use std::time::{Duration, Instant};

use super::measure::{Job, Output, Sample, measure, median};

/// No run may take longer than this.
const TIME_LIMIT: Duration = Duration::from_secs(900);

/// The middle figures of a command and what it printed last.
pub struct Outcome {
    /// Medians.
    pub sample: Sample,
    /// How many runs they stand for.
    pub runs: usize,
    /// Standard output of the last run.
    pub stdout: String,
}

/// Runs `job` once to warm the file cache and then up to `runs_max` times.
///
/// # Errors
/// A sentence, when a run fails.
pub fn alone(job: &Job, runs_max: usize, budget: Duration, scratch: &Path) -> Result<Outcome, String> {
    let output = Output::in_directory(scratch);
    let start = Instant::now();
    let mut samples = vec![measure(job, &output, TIME_LIMIT)?];
    let warm_up_only = start.elapsed() * 3 > budget;
    if !warm_up_only {
        samples.clear();
        while samples.len() < runs_max && (samples.is_empty() || start.elapsed() < budget) {
            samples.push(measure(job, &output, TIME_LIMIT)?);
        }
    }
    outcome(&samples, &output)
}

/// Runs `ours` and `theirs` in turns. The first pair warms up and is kept only when it alone uses
/// up a third of the budget.
///
/// # Errors
/// A sentence, when a run of either fails.
pub fn in_turns(
    ours: &Job,
    theirs: &Job,
    runs_max: usize,
    budget: Duration,
    scratch: &Path,
) -> Result<(Outcome, Outcome), String> {
    let directories = [scratch.join("ours"), scratch.join("theirs")];
    for directory in &directories {
        std::fs::create_dir_all(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    }
    let [output_ours, output_theirs] = directories.map(|directory| Output::in_directory(&directory));
    let start = Instant::now();
    let mut samples_ours = vec![measure(ours, &output_ours, TIME_LIMIT)?];
    let mut samples_theirs = vec![measure(theirs, &output_theirs, TIME_LIMIT)?];
    let warm_up_only = start.elapsed() * 3 > budget;
    if !warm_up_only {
        samples_ours.clear();
        samples_theirs.clear();
        while samples_ours.len() < runs_max && (samples_ours.is_empty() || start.elapsed() < budget) {
            samples_ours.push(measure(ours, &output_ours, TIME_LIMIT)?);
            samples_theirs.push(measure(theirs, &output_theirs, TIME_LIMIT)?);
        }
    }
    Ok((outcome(&samples_ours, &output_ours)?, outcome(&samples_theirs, &output_theirs)?))
}

fn outcome(samples: &[Sample], output: &Output) -> Result<Outcome, String> {
    let stdout = std::fs::read_to_string(&output.stdout)
        .map_err(|error| format!("{}: {error}", output.stdout.display()))?;
    let sample = median(samples).ok_or_else(|| "no run was made".to_owned())?;
    Ok(Outcome { sample, runs: samples.len(), stdout })
}
