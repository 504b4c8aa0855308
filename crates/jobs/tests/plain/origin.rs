//! Where the code that is served comes from.

use std::path::Path;
use std::process::Command;

use tenon_jobs::Origin;

fn git(folder: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    let ran = Command::new("git").arg("-C").arg(folder).args(identity).args(arguments).output();
    assert!(ran.expect("there is git").status.success(), "{arguments:?}");
}

/// S3-90: repository, commit and whether there are changes, or that there is none.
#[test]
fn a_repository_is_asked() {
    let folder = tempfile::tempdir().expect("there is room");
    let nothing = Origin::of_folder(folder.path());
    assert_eq!((nothing.repo.as_str(), nothing.dirty_flag), ("none", true));
    assert_eq!(nothing.commit_sha, "0".repeat(40));
    let shop = folder.path().join("shop");
    std::fs::create_dir(&shop).expect("there is room");
    std::fs::write(shop.join("file"), "one").expect("it is written");
    git(&shop, &["init", "-q"]);
    git(&shop, &["add", "."]);
    git(&shop, &["commit", "-q", "-m", "first"]);
    let clean = Origin::of_folder(&shop);
    assert_eq!((clean.repo.as_str(), clean.dirty_flag, clean.commit_sha.len()), ("shop", false, 40));
    assert!(clean.commit_sha.chars().all(|letter| letter.is_ascii_hexdigit()));
    std::fs::write(shop.join("file"), "two").expect("it is written");
    let dirty = Origin::of_folder(&shop);
    assert_eq!((dirty.dirty_flag, dirty.commit_sha), (true, clean.commit_sha));
    git(&shop, &["remote", "add", "origin", "https://example.com/team/market.git"]);
    assert_eq!(Origin::of_folder(&shop).repo, "market");
}
