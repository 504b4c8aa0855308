//! The registry: every `*.skill.yaml`, `*.skill.yml` and `*.skill.json` below one folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Skill, manifest};
use crate::Problem;
use crate::limits::SKILLS_MAX;

/// How deep folders are looked through, a count: one a skill, grouped once or twice.
const DEPTH_MAX: u32 = 4;

/// Every skill in the order of their ids, or everything that is wrong.
pub(crate) fn load(folder: &Path) -> Result<Vec<Skill>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut files = Vec::new();
    find(folder, 0, &mut files, &mut problems);
    files.sort();
    if files.len() > SKILLS_MAX {
        let message = format!("there are {} manifests; {SKILLS_MAX} are allowed", files.len());
        return Err(vec![Problem::of_file(&folder.display().to_string(), message, "")]);
    }
    let mut skills: BTreeMap<String, (PathBuf, Skill)> = BTreeMap::new();
    for file in files {
        let skill = match manifest::read(&file) {
            Ok(skill) => skill,
            Err(found) => {
                problems.extend(found);
                continue;
            }
        };
        if let Some((other, _)) = skills.get(&skill.id) {
            let message = format!("the skill `{}` is there already, in {}", skill.id, other.display());
            problems.push(Problem::of_file(
                &file.display().to_string(),
                message,
                "give one of them another `tool_id`",
            ));
            continue;
        }
        skills.insert(skill.id.clone(), (file, skill));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(skills.into_values().map(|(_, skill)| skill).collect())
}

fn find(folder: &Path, depth: u32, files: &mut Vec<PathBuf>, problems: &mut Vec<Problem>) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            let help = "name the folder that holds the skills' manifests";
            problems.push(Problem::of_file(&folder.display().to_string(), error.to_string(), help));
            return;
        }
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        // A link is not followed: what is in the registry stands in the registry.
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && depth < DEPTH_MAX && !name.starts_with('.') {
            find(&path, depth + 1, files, problems);
        } else if kind.is_file()
            && [".skill.yaml", ".skill.yml", ".skill.json"].iter().any(|end| name.ends_with(end))
        {
            files.push(path);
        }
    }
}
