//! The repository around a folder: whether there is one, what it tracks, what it leaves out, and who applies.

use crate::domain::{ApplyStep, Setting, StateFile};
use std::fs;
use std::path::{Path, PathBuf};

/// The farthest that a repository's root is looked for.
const FARTHEST: usize = 64;
/// Larger files of pipelines and of git are not read.
const LARGEST: u64 = 64 << 20;
/// Files in which pipelines stand.
const PIPELINES: [&str; 8] = [
    ".gitlab-ci.yml",
    ".circleci/config.yml",
    "azure-pipelines.yml",
    "bitbucket-pipelines.yml",
    "buildspec.yml",
    "Jenkinsfile",
    "atlantis.yaml",
    "atlantis.yml",
];
/// Folders in which each file is a pipeline.
const PIPELINE_FOLDERS: [&str; 1] = [".github/workflows"];

/// A folder with the repository that it is in.
pub(super) struct Repository {
    folder: PathBuf,
    root: Option<PathBuf>,
}

impl Repository {
    /// Looks for the repository that a folder is in.
    pub(super) fn around(folder: &Path) -> Self {
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let root =
            folder.ancestors().take(FARTHEST).find(|own| own.join(".git").exists()).map(Path::to_owned);
        Self { folder, root }
    }

    /// Tells whether the folder is under version control.
    pub(super) fn is_there(&self) -> bool {
        self.root.is_some()
    }

    /// Returns the folder and those above it, up to the repository's root.
    fn levels(&self) -> impl Iterator<Item = &Path> {
        let root = self.root.as_deref().unwrap_or(&self.folder);
        self.folder.ancestors().take_while(move |own| own.starts_with(root))
    }

    /// Returns the state files that lie in the folder.
    pub(super) fn state_files(&self) -> Vec<StateFile> {
        let mut names: Vec<String> = fs::read_dir(&self.folder)
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|own| is_state(own))
            .collect();
        names.sort();
        let index = self.index();
        names
            .into_iter()
            .map(|path| StateFile {
                tracked: index
                    .as_ref()
                    .map_or(Setting::Unknown, |own| Setting::Is(self.is_tracked(own, &path))),
                ignored: self.is_ignored(&path),
                path,
            })
            .collect()
    }

    /// Reads git's index, unless its paths are compressed (version 4).
    ///
    /// Source: Git documentation, "Git index format": `DIRC`, the version as four bytes, then entries with whole paths.
    fn index(&self) -> Option<Vec<u8>> {
        let git = self.root.as_ref()?.join(".git");
        let folder = if git.is_dir() {
            git
        } else {
            let text = fs::read_to_string(&git).ok()?;
            let named = PathBuf::from(text.strip_prefix("gitdir:")?.trim());
            if named.is_absolute() { named } else { self.root.as_ref()?.join(named) }
        };
        let path = folder.join("index");
        let small = fs::metadata(&path).ok()?.len() <= LARGEST;
        let bytes = small.then(|| fs::read(&path).ok()).flatten()?;
        let version = bytes.get(4..8)?;
        (bytes.starts_with(b"DIRC") && version != [0, 0, 0, 4]).then_some(bytes)
    }

    fn is_tracked(&self, index: &[u8], name: &str) -> bool {
        let Some(below) = self.root.as_ref().and_then(|own| self.folder.strip_prefix(own).ok()) else {
            return false;
        };
        let path = below.join(name).to_string_lossy().replace('\\', "/");
        let wanted = [path.as_bytes(), &[0]].concat();
        index.windows(wanted.len()).any(|own| own == wanted)
    }

    /// Tells whether a `.gitignore` of the folder or above it leaves a file of the folder out; the last line that fits decides.
    fn is_ignored(&self, name: &str) -> bool {
        let mut levels: Vec<&Path> = self.levels().collect();
        levels.reverse();
        let mut ignored = false;
        for level in levels {
            let Ok(text) = fs::read_to_string(level.join(".gitignore")) else { continue };
            for line in text.lines().map(str::trim).filter(|own| !own.is_empty() && !own.starts_with('#')) {
                let (keeps, pattern) = line.strip_prefix('!').map_or((false, line), |own| (true, own));
                let pattern = pattern.trim_start_matches("**/");
                let pattern = if level == self.folder { pattern.trim_start_matches('/') } else { pattern };
                if fits(pattern.as_bytes(), name.as_bytes()) {
                    ignored = !keeps;
                }
            }
        }
        ignored
    }

    /// Returns the pipelines that run Terraform.
    pub(super) fn pipelines(&self) -> Vec<ApplyStep> {
        let mut all = Vec::new();
        for (above, level) in self.levels().enumerate() {
            let mut files: Vec<PathBuf> = PIPELINES.iter().map(|own| level.join(own)).collect();
            for folder in PIPELINE_FOLDERS {
                let inside = fs::read_dir(level.join(folder)).into_iter().flatten();
                files.extend(inside.filter_map(|entry| Some(entry.ok()?.path())));
            }
            files.sort();
            let shown = |own: &Path| {
                let name = own.strip_prefix(level).unwrap_or(own).to_string_lossy().replace('\\', "/");
                format!("{}{name}", "../".repeat(above))
            };
            all.extend(files.iter().filter_map(|own| {
                let small = fs::metadata(own).is_ok_and(|own| own.is_file() && own.len() <= LARGEST);
                let text = small.then(|| fs::read_to_string(own).ok()).flatten()?;
                steps(&shown(own), &text)
            }));
        }
        all.sort();
        all
    }
}

fn is_state(name: &str) -> bool {
    name.ends_with(".tfstate") || name.contains(".tfstate.")
}

/// Tells whether a name fits a pattern in which `*` stands for anything.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    match pattern.first() {
        None => name.is_empty(),
        Some(b'*') => (0..=name.len()).any(|at| fits(&pattern[1..], &name[at..])),
        Some(own) => name.first() == Some(own) && fits(&pattern[1..], &name[1..]),
    }
}

/// Reads what a pipeline does; nothing where it does not run Terraform.
fn steps(name: &str, text: &str) -> Option<ApplyStep> {
    let runs = |line: &str, verb: &str| {
        ["terraform", "tofu", "terragrunt"].iter().any(|own| line.contains(own)) && line.contains(verb)
    };
    let lines = || text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with('#'));
    let apply = lines().find(|(_, line)| runs(line, " apply"));
    let plan = lines().find(|(_, line)| runs(line, " plan"));
    if name.rsplit('/').next().is_some_and(|own| own.starts_with("atlantis.")) {
        return Some(ApplyStep { place: format!("{name}:1"), plans: true, applies_blindly: false });
    }
    let saves = lines().any(|(_, line)| runs(line, " plan") && line.contains("-out"));
    let (at, _) = apply.or(plan)?;
    Some(ApplyStep {
        place: format!("{name}:{}", at + 1),
        plans: plan.is_some(),
        applies_blindly: apply.is_some_and(|(_, line)| line.contains("-auto-approve")) && !saves,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipeline_applies_blindly_only_without_a_saved_plan() {
        for (text, plans, blind) in [
            ("run: terraform apply -auto-approve", false, true),
            ("run: terraform plan\nrun: terraform apply -auto-approve", true, true),
            ("run: terraform plan -out p\nrun: terraform apply -auto-approve p", true, false),
            ("run: terraform plan", true, false),
        ] {
            let own = steps("ci.yml", text).unwrap();
            assert_eq!((own.plans, own.applies_blindly), (plans, blind), "{text}");
        }
        assert_eq!(steps("ci.yml", "run: make\n# terraform apply"), None);
        assert_eq!(steps("ci.yml", "a\n  - terraform apply p").unwrap().place, "ci.yml:2");
    }

    #[test]
    fn the_last_line_that_fits_decides_what_git_leaves_out() {
        for (lines, ignored) in [
            ("", false),
            ("*.tfstate\n", true),
            ("**/*.tfstate*\n", true),
            ("/terraform.tfstate\n", true),
            ("*.tfstate\n!terraform.tfstate\n", false),
            ("# *.tfstate\n", false),
        ] {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(".gitignore"), lines).unwrap();
            fs::write(folder.path().join("terraform.tfstate"), "{}").unwrap();
            let own = Repository::around(folder.path()).state_files();
            assert_eq!((own.len(), own[0].ignored), (1, ignored), "{lines:?}");
            assert_eq!(own[0].tracked, Setting::Unknown);
        }
    }

    #[test]
    fn what_git_tracks_stands_in_its_index() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join(".git")).unwrap();
        fs::create_dir_all(root.path().join("infra")).unwrap();
        let folder = root.path().join("infra");
        fs::write(folder.join("terraform.tfstate"), "{}").unwrap();
        for (index, tracked) in [
            (&b"DIRC\0\0\0\x02infra/terraform.tfstate\0"[..], Setting::Is(true)),
            (b"DIRC\0\0\0\x02terraform.tfstate\0", Setting::Is(false)),
            (b"DIRC\0\0\0\x04infra/terraform.tfstate\0", Setting::Unknown),
        ] {
            fs::write(root.path().join(".git/index"), index).unwrap();
            let own = Repository::around(&folder);
            assert!(own.is_there());
            assert_eq!(own.state_files()[0].tracked, tracked);
        }
    }
}
