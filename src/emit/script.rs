//! The changes as scripts for bash.

use super::artefacts::{Artefacts, ResourceChange};
use super::command::{Command, Need, shell_quote};
use super::names::plain;
use super::resource::Place;
use std::collections::BTreeSet;

/// Sees to it that commands reach the account that they are meant for.
const RUNS_IN_ACCOUNT: &str = r#"# Commands run with the credentials of the account that they change. Name an AWS CLI profile for it, such as
#   export TRAILCOST_PROFILE_111122223333=security
# (TRAILCOST_PROFILE_ORGANIZATION for organization trails). Without one, the credentials that are set must be the account's.
usual_profile=${AWS_PROFILE-}
checked=
account=
in_account() {
  local wanted=$1 profile="TRAILCOST_PROFILE_$1"
  if [[ $checked == "$wanted" ]]; then return; fi
  if [[ -n ${!profile-} ]]; then
    export AWS_PROFILE=${!profile}
  elif [[ -n $usual_profile ]]; then
    export AWS_PROFILE=$usual_profile
  else
    unset AWS_PROFILE
  fi
  account=$(aws sts get-caller-identity --query Account --output text)
  if [[ $wanted != ORGANIZATION && $account != "$wanted" ]]; then
    echo "These are credentials of account $account, not $wanted: set $profile, and no AWS_ACCESS_KEY_ID" >&2
    exit 1
  fi
  checked=$wanted
}
"#;

fn needs(commands: &[&Command]) -> String {
    let needs: BTreeSet<&Need> = commands.iter().flat_map(|own| &own.needs).collect();
    if needs.is_empty() {
        return String::new();
    }
    let mut text = "\n# What must be filled in first: no scenario knows it.\n".to_owned();
    let mut missing = String::new();
    for need in needs {
        match need {
            Need::Variable { name, meaning } => {
                text.push_str(&format!("#   {name}: {meaning}\n"));
                let message = shell_quote(&format!("{name} is not set: {meaning}"));
                missing.push_str(&format!("[[ -n ${{{name}-}} ]] || {{ echo {message} >&2; missing=1; }}\n"));
            }
            Need::Consent { name, meaning } => {
                text.push_str(&format!("#   {name}=yes: {meaning}\n"));
                let message = shell_quote(&format!("{name} is not set to yes: {meaning}"));
                missing.push_str(&format!(
                    "[[ ${{{name}-}} == yes ]] || {{ echo {message} >&2; missing=1; }}\n"
                ));
            }
            Need::Edit { file, placeholder, meaning } => {
                text.push_str(&format!("#   {placeholder} in {file}: {meaning}\n"));
                let (word, path) = (shell_quote(placeholder), shell_quote(file));
                let message = shell_quote(&format!("{file} still has {placeholder}: {meaning}"));
                missing.push_str(&format!(
                    "! grep -q -F -e {word} {path} || {{ echo {message} >&2; missing=1; }}\n"
                ));
            }
        }
    }
    format!("{text}missing=\n{missing}[[ -z $missing ]] || exit 1\n")
}

fn block(change: &ResourceChange, commands: &[Command]) -> String {
    let mut text = String::new();
    let (mut indent, mut end) = ("", "");
    match &change.resource.place {
        Place::Account(id) => text.push_str(&format!("in_account {id}\n")),
        Place::Organization => text.push_str("in_account ORGANIZATION\n"),
        Place::EachAccount(accounts) => {
            let list: Vec<&str> = accounts.iter().map(crate::domain::AccountId::as_str).collect();
            text.push_str(&format!("for each in {}; do\n  in_account \"$each\"\n", list.join(" ")));
            (indent, end) = ("  ", "done\n");
        }
    }
    for command in commands {
        text.push_str(&format!("{indent}# {}\n{indent}{}\n", command.why, command.text));
    }
    text.push_str(end);
    text
}

/// Writes a script of some changes' commands.
fn script<'a>(
    opening: &str,
    changes: impl Iterator<Item = (&'a ResourceChange, &'a [Command])> + Clone,
    says: impl Fn(&'a ResourceChange) -> Vec<String>,
) -> String {
    let all: Vec<&Command> = changes.clone().flat_map(|(_, commands)| commands).collect();
    let mut text = format!(
        "#!/usr/bin/env bash\n{opening}set -euo pipefail\ncd -- \"$(dirname -- \"${{BASH_SOURCE[0]}}\")\"\nexport AWS_PAGER=\n{}",
        needs(&all)
    );
    if !all.is_empty() {
        text.push('\n');
        text.push_str(RUNS_IN_ACCOUNT);
    }
    for (change, commands) in changes {
        let described = plain(&change.resource.describe());
        text.push_str(&format!("\n# ---- {described}\n"));
        for line in says(change) {
            text.push_str(&format!("# {line}\n"));
        }
        if commands.is_empty() {
            continue;
        }
        // What is printed says where a script that stops has come to.
        text.push_str(&format!("echo {}\n", shell_quote(&described)));
        text.push_str(&block(change, commands));
    }
    text
}

impl Artefacts {
    /// Returns the bash script that applies every change; it runs in the folder that the files are in.
    pub fn script(&self) -> String {
        script(
            "# Applies the changes below, in this order. The script of the same folder that undoes them names what cannot be undone.\n\
             # Read it before you run it: it changes what is recorded. It stops at the first command that fails.\n",
            self.changes.iter().map(|own| (own, own.apply.as_slice())),
            |own| {
                let notes = own.notes.iter().map(|note| format!("Note: {note}"));
                own.what.iter().cloned().chain(notes).collect()
            },
        )
    }

    /// Returns the bash script that undoes every change, the last one first.
    pub fn undo_script(&self) -> String {
        script(
            "# Undoes the changes of the other script, the last one first. It stops at the first command that fails: where not\n\
             # every change was applied, run only the parts that undo those that were.\n",
            self.changes.iter().rev().map(|own| (own, own.undo.as_slice())),
            |own| own.notes.iter().map(|note| format!("Note: {note}")).collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_difference_is_an_empty_script() {
        let script = Artefacts::default().script();
        assert!(script.starts_with("#!/usr/bin/env bash\n"));
        assert!(!script.contains("in_account"));
    }

    #[test]
    fn what_must_be_filled_in_is_asked_for_first() {
        let variable = Need::Variable { name: "KEY".into(), meaning: "it's a key".into() };
        let edit =
            Need::Edit { file: "a/b.json".into(), placeholder: "REPLACE".into(), meaning: "a role".into() };
        let command =
            Command { why: String::new(), text: String::new(), needs: vec![variable, edit], refused: false };
        let expected = "\n# What must be filled in first: no scenario knows it.\n#   KEY: it's a key\n\
                        #   REPLACE in a/b.json: a role\nmissing=\n\
                        [[ -n ${KEY-} ]] || { echo 'KEY is not set: it'\\''s a key' >&2; missing=1; }\n\
                        ! grep -q -F -e REPLACE a/b.json || { echo 'a/b.json still has REPLACE: a role' >&2; missing=1; }\n\
                        [[ -z $missing ]] || exit 1\n";
        assert_eq!(needs(&[&command]), expected);
    }
}
