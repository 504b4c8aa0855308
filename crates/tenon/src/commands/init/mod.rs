//! `tenon init`: a `tenon.toml` and a first `contract.yaml` from what is there.

mod pack;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use tenon_graph::DocumentKind;

use crate::Exit;
use crate::config::FILE_NAME;
use crate::disk::{self, Disk};
use crate::failure::{Failure, Outcome};
use crate::pipeline::{Analysis, analyse};
use crate::terminal::Terminal;

/// Most contracts named in the file, a count: more are a folder's business.
const NAMED_MAX: usize = 20;

/// Configurations of other tools whose levels can be taken over.
const FOREIGN: &[&str] =
    &[".spectral.yaml", ".spectral.yml", ".spectral.json", "redocly.yaml", "redocly.yml"];

/// `tenon init`, as typed.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Folder to set up.
    #[arg(default_value = ".", value_name = "FOLDER")]
    pub folder: PathBuf,
    /// Print the files instead of writing them.
    #[arg(long)]
    pub print: bool,
}

/// Writes the files.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    let folder = &arguments.folder;
    let path = folder.join(FILE_NAME);
    let shown = disk::shown(&path);
    if !folder.is_dir() {
        return Err(Failure::usage(
            format!("{} is no folder", disk::shown(folder)),
            "give the folder that is to have a tenon.toml",
        ));
    }
    if path.exists() && !arguments.print {
        return Err(Failure::usage(
            format!("{shown} is there already"),
            "`tenon init --print` shows what it would be",
        ));
    }
    let paths = [folder.clone()];
    let roots = disk::find(&paths, &|_| true)?;
    let analysis = analyse(&roots, &Disk::new(&paths));
    let prefix = disk::display(folder);
    let below = |path: &str| path.strip_prefix(&prefix).unwrap_or(path).trim_start_matches('/').to_owned();
    let settings = settings(folder, &analysis, &below);
    let contract = folder.join(pack::FILE_NAME);
    let pack = if contract.exists() { None } else { pack::text(&analysis.graph, &below) };
    if arguments.print {
        return terminal
            .print(|out| {
                out.write_all(settings.as_bytes())?;
                match &pack {
                    Some(pack) => write!(out, "\n# {}:\n\n{pack}", pack::FILE_NAME),
                    None => Ok(()),
                }
            })
            .map(|()| Exit::Clean);
    }
    disk::write(&path, settings.as_bytes())?;
    terminal.complain(&format!("wrote {shown}; `tenon check` uses it from now on\n"));
    if let Some(pack) = pack {
        disk::write(&contract, pack.as_bytes())?;
        let shown = disk::shown(&contract);
        terminal.complain(&format!("wrote {shown}; fill in what it says of each operation\n"));
    }
    Ok(Exit::Clean)
}

fn settings(folder: &Path, analysis: &Analysis, below: &dyn Fn(&str) -> String) -> String {
    let mut contracts = Vec::new();
    for document in &analysis.graph.documents {
        let Some(file) = analysis.graph.sources.get(document.file) else { continue };
        if !matches!(document.kind, DocumentKind::Fragment | DocumentKind::Example) {
            contracts.push(format!("{} ({})", below(&file.path), document.kind.as_str()));
        }
    }
    let mut out =
        String::from("# What `tenon check` does here; every key is explained in docs/config.md.\n#\n");
    if contracts.is_empty() {
        out.push_str("# No contract was found below this folder yet.\n");
    } else {
        let _ = writeln!(out, "# Contracts found below this folder ({}):", contracts.len());
        for contract in contracts.iter().take(NAMED_MAX) {
            let _ = writeln!(out, "#   {contract}");
        }
        if contracts.len() > NAMED_MAX {
            let _ = writeln!(out, "#   and {} more", contracts.len() - NAMED_MAX);
        }
    }
    out.push_str(SETTINGS);
    for name in FOREIGN.iter().filter(|name| folder.join(name).is_file()) {
        let _ = write!(
            out,
            "\n# {name} is here: `tenon check --config-from {name}` takes its rule levels over.\n"
        );
    }
    out
}

const SETTINGS: &str = r#"
# Which rules run, and how strictly: "minimal", "recommended" or "strict".
profile = "recommended"

# The least grave level that fails a run: "error", "warning" or "info".
fail-on = "error"

# Files to check when a folder is given, and files never to check.
# include = ["contracts/**"]
# exclude = ["vendor/**"]

# Findings known today; `tenon check --write-baseline tenon-baseline.json` writes the file.
# baseline = "tenon-baseline.json"

# Level of single rules; `tenon check --list-rules` lists them.
# [levels]
# OA001 = "warning"

# The project's own words.
# [words]
# validation-middleware = ["validateRequest"]
# tenant-parameters = ["accountId"]

# Findings that may stay. A reason is required.
# [[suppress]]
# rule = "OA001"
# file = "legacy/**"
# reason = "the vendor's file, see ticket 12"
"#;

#[cfg(test)]
mod tests {
    use crate::config::Config;

    #[test]
    fn every_setting_that_init_offers_is_read() {
        let offered: String = super::SETTINGS
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                Some(rest) if rest.contains(" = ") || rest.starts_with('[') => format!("{rest}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let config = Config::parse("tenon.toml", offered).expect("the settings are valid");
        assert_eq!(config.suppress.len(), 1);
        assert_eq!(config.levels.len(), 1);
        assert!(config.include.is_some());
    }
}
