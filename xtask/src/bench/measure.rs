//! Runs one whole process and reports its wall time, processor time and peak memory.
//!
//! The process is started by a small copy of this program, because the operating system reports
//! peak memory only as the largest of all children a process ever waited for.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// The first argument that makes this program measure one command and print the figures.
pub const INNER_COMMAND: &str = "bench-measure-one";

/// The exit status reported for a command that a signal ended.
const STATUS_OF_SIGNALLED: i32 = -1;

/// A command to measure: what to run, where, and which exit statuses mean that it did its work.
#[derive(Clone)]
pub struct Job {
    /// The program and its arguments.
    pub words: Vec<String>,
    /// Environment variables to set.
    pub environment: Vec<(String, String)>,
    /// The directory to run in.
    pub directory: PathBuf,
    /// Exit statuses of a run that finished its work, for instance 1 for "findings were reported".
    pub statuses_expected: Vec<i32>,
}

/// The figures of one run.
#[derive(Clone, Copy)]
pub struct Sample {
    /// From start to end, as a user with a watch would see it.
    pub wall: Duration,
    /// User and system time of the process and all it waited for.
    pub cpu: Duration,
    /// The largest resident memory of any process of the command.
    pub memory_bytes_max: u64,
}

/// Where the output of a run went.
pub struct Output {
    /// Standard output.
    pub stdout: PathBuf,
    /// Standard error.
    pub stderr: PathBuf,
}

impl Output {
    /// Output files in `directory`.
    pub fn in_directory(directory: &Path) -> Self {
        Self { stdout: directory.join("stdout"), stderr: directory.join("stderr") }
    }
}

/// Runs `job` once.
///
/// # Errors
/// A sentence, when the command cannot be started, runs out of time, or ends with a status that is
/// not among the expected ones.
pub fn measure(job: &Job, output: &Output, time_limit: Duration) -> Result<Sample, String> {
    let myself = std::env::current_exe().map_err(|error| format!("cannot find this program: {error}"))?;
    let answer = Command::new(myself)
        .arg(INNER_COMMAND)
        .arg(time_limit.as_millis().to_string())
        .arg(&output.stdout)
        .arg(&output.stderr)
        .args(&job.words)
        .envs(job.environment.iter().map(|(name, value)| (name, value)))
        .current_dir(&job.directory)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cannot start the measuring process: {error}"))?;
    let text = String::from_utf8_lossy(&answer.stdout);
    let numbers: Vec<i64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let &[wall_us, cpu_us, memory_kib, status, timed_out] = numbers.as_slice() else {
        return Err(format!("`{}` could not be run", job.words.join(" ")));
    };
    if timed_out != 0 {
        return Err(format!("did not finish in {} s", time_limit.as_secs()));
    }
    if !job.statuses_expected.iter().any(|&expected| i64::from(expected) == status) {
        return Err(format!("ended with status {status}: {}", first_line(&output.stderr)));
    }
    Ok(Sample {
        wall: Duration::from_micros(wall_us.unsigned_abs()),
        cpu: Duration::from_micros(cpu_us.unsigned_abs()),
        memory_bytes_max: memory_kib.unsigned_abs() * 1024,
    })
}

/// The inner half: runs the command of `arguments` and prints five numbers.
pub fn run_inner(arguments: &[&str]) -> ExitCode {
    match measure_here(arguments) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn measure_here(arguments: &[&str]) -> Result<String, String> {
    let [time_limit_ms, stdout, stderr, program, rest @ ..] = arguments else {
        return Err("the measuring process needs a limit, two files and a command".to_owned());
    };
    let time_limit = time_limit_ms.parse().map(Duration::from_millis).map_err(|error| error.to_string())?;
    let stdout = File::create(stdout).map_err(|error| format!("{stdout}: {error}"))?;
    let stderr = File::create(stderr).map_err(|error| format!("{stderr}: {error}"))?;
    let start = Instant::now();
    let mut child = Command::new(program)
        .args(rest)
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(stderr)
        .spawn()
        .map_err(|error| format!("{program}: {error}"))?;
    let id = i32::try_from(child.id()).map_err(|error| error.to_string())?;
    std::thread::spawn(move || {
        std::thread::sleep(time_limit);
        // The process may just have ended by itself; then there is nothing to stop.
        let _ = kill(Pid::from_raw(id), Signal::SIGKILL);
    });
    let status = child.wait().map_err(|error| format!("{program}: {error}"))?;
    let wall = start.elapsed();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|error| error.to_string())?;
    let time_us = |time: nix::sys::time::TimeVal| time.tv_sec() * 1_000_000 + time.tv_usec();
    Ok(format!(
        "{} {} {} {} {}",
        wall.as_micros(),
        time_us(usage.user_time()) + time_us(usage.system_time()),
        usage.max_rss(),
        status.code().unwrap_or(STATUS_OF_SIGNALLED),
        u8::from(wall >= time_limit),
    ))
}

fn first_line(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().find(|line| !line.trim().is_empty()).unwrap_or("no message").trim().to_owned()
}

/// The middle of several runs, each figure by itself.
pub fn median(samples: &[Sample]) -> Option<Sample> {
    Some(Sample {
        wall: middle(samples.iter().map(|sample| sample.wall).collect())?,
        cpu: middle(samples.iter().map(|sample| sample.cpu).collect())?,
        memory_bytes_max: middle(samples.iter().map(|sample| sample.memory_bytes_max).collect())?,
    })
}

fn middle<T: Ord + Copy>(mut values: Vec<T>) -> Option<T> {
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(wall_ms: u64) -> Sample {
        Sample {
            wall: Duration::from_millis(wall_ms),
            cpu: Duration::from_millis(wall_ms * 2),
            memory_bytes_max: wall_ms,
        }
    }

    #[test]
    fn the_median_of_three_is_the_middle_one_and_of_none_is_nothing() {
        let middle = median(&[sample(30), sample(10), sample(20)]).expect("three samples");
        assert_eq!(middle.wall, Duration::from_millis(20));
        assert_eq!(middle.cpu, Duration::from_millis(40));
        assert!(median(&[]).is_none());
    }
}
