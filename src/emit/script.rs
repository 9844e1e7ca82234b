//! The changes as scripts for bash.

use super::artefacts::{Artefacts, ResourceChange};
use super::command::{Command, Need, shell_quote};
use super::names::plain;
use super::resource::Place;
use crate::domain::{AccountId, RegionCode};
use std::collections::{BTreeMap, BTreeSet};

/// Sees to it that commands reach the account that they are meant for.
const RUNS_IN_ACCOUNT: &str = r#"# Commands run with the credentials of the account that they change. Name an AWS CLI profile for it, such as
#   export TRAILCOST_PROFILE_111122223333=security
# (TRAILCOST_PROFILE_ORGANIZATION for organization trails). Without one, the credentials that are set must be the account's.
usual_profile=${AWS_PROFILE-}
checked=
account=
in_account() { # ACCOUNT, or ORGANIZATION and its management account where that is known
  local wanted=$1 expected=${2-$1} profile="TRAILCOST_PROFILE_$1"
  if [[ $checked == "$wanted" ]]; then return; fi
  if [[ -n ${!profile-} ]]; then
    export AWS_PROFILE=${!profile}
  elif [[ -n $usual_profile ]]; then
    export AWS_PROFILE=$usual_profile
  else
    unset AWS_PROFILE
  fi
  account=$(aws sts get-caller-identity --region REGION --query Account --output text)
  if [[ $expected == ORGANIZATION ]]; then
    echo "Takes account $account for the organization's management account, as the scenario does not say which one it is" >&2
  elif [[ $account != "$expected" ]]; then
    echo "These are credentials of account $account, not $expected: set $profile, and no AWS_ACCESS_KEY_ID" >&2
    exit 1
  fi
  checked=$wanted
}

# Saves what a command finds, unless that was done before: by now it would find what this script made. Where there is
# nothing, or the service says so by this error, `null` is saved.
save() { # FILE ERROR COMMAND...
  local file=$1 nothing=$2 told
  shift 2
  if [[ -s $file ]]; then return; fi
  mkdir -p -- "$(dirname -- "$file")"
  if told=$("$@" 2>&1 >"$file.part"); then
    [[ -s $file.part ]] || echo null >"$file.part"
  elif [[ -n $nothing && $told == *"($nothing)"* ]]; then
    echo null >"$file.part"
  else
    printf '%s\n' "$told" >&2
    exit 1
  fi
  mv -f -- "$file.part" "$file"
}

# Tells whether something was saved, or that there was nothing.
saved() { # FILE
  if [[ ! -s $1 ]]; then return; fi
  case $(<"$1") in
    null | false | '[]' | '{}') echo nothing ;;
    *) echo something ;;
  esac
}

# Says that there is no file to put something back from.
not_saved() { # FILE [nothing]
  if [[ ${2-} == nothing ]]; then
    echo "  $1 was not saved: nothing is put back" >&2
  else
    echo "  $1 was not saved: takes what the scenario knows" >&2
  fi
}

# Runs a command; this error says that its work is done already.
unless_done() { # ERROR COMMAND...
  local done_already=$1 told
  shift
  if told=$("$@" 2>&1); then
    [[ -z $told ]] || printf '%s\n' "$told"
  elif [[ $told == *"($done_already)"* ]]; then
    echo "  done already ($done_already)"
  else
    printf '%s\n' "$told" >&2
    exit 1
  fi
}
"#;

fn needs(commands: &[&Command]) -> String {
    // By what each asks for: where it is not asked for, or always.
    let mut needs: BTreeMap<&Need, BTreeSet<&str>> = BTreeMap::new();
    for (pattern, need) in commands.iter().flat_map(|own| &own.unless_saved) {
        needs.entry(need).or_default().insert(pattern);
    }
    for need in commands.iter().flat_map(|own| &own.needs) {
        needs.insert(need, BTreeSet::new());
    }
    if needs.is_empty() {
        return String::new();
    }
    let mut text = "\n# What must be filled in first: no scenario knows it.\n".to_owned();
    let mut missing = String::new();
    for (need, unless) in needs {
        let (check, message, told) = match need {
            Need::Variable { name, meaning } => (
                format!("[[ -n ${{{name}-}} ]]"),
                format!("{name} is not set: {meaning}"),
                format!("{name}: {meaning}"),
            ),
            Need::Consent { name, meaning } => (
                format!("[[ ${{{name}-}} == yes ]]"),
                format!("{name} is not set to yes: {meaning}"),
                format!("{name}=yes: {meaning}"),
            ),
            Need::Edit { file, placeholder, meaning } => (
                format!("! grep -q -F -e {} {}", shell_quote(placeholder), shell_quote(file)),
                format!("{file} still has {placeholder}: {meaning}"),
                format!("{placeholder} in {file}: {meaning}"),
            ),
        };
        let only = if unless.is_empty() { "" } else { " (only where nothing was saved)" };
        text.push_str(&format!("#   {told}{only}\n"));
        missing.push_str(&check);
        if !unless.is_empty() {
            let every: Vec<String> =
                unless.iter().map(|own| format!("compgen -G {own} >/dev/null")).collect();
            missing.push_str(&format!(" || {{ {}; }}", every.join(" && ")));
        }
        missing.push_str(&format!(" || {{ echo {} >&2; missing=1; }}\n", shell_quote(&message)));
    }
    format!("{text}missing=\n{missing}[[ -z $missing ]] || exit 1\n")
}

fn block(change: &ResourceChange, commands: &[Command], management_account: Option<&AccountId>) -> String {
    let mut text = String::new();
    let (mut indent, mut end) = ("", "");
    match &change.resource.place {
        Place::Account(id) => text.push_str(&format!("in_account {id}\n")),
        Place::Organization => {
            let known = management_account.map(|own| format!(" {own}")).unwrap_or_default();
            text.push_str(&format!("in_account ORGANIZATION{known}\n"));
        }
        Place::EachAccount(accounts) => {
            let list: Vec<&str> = accounts.iter().map(AccountId::as_str).collect();
            text.push_str(&format!("for each in {}; do\n  in_account \"$each\"\n", list.join(" ")));
            (indent, end) = ("  ", "done\n");
        }
    }
    for command in commands {
        let lines = command.text.replace('\n', &format!("\n{indent}"));
        text.push_str(&format!("{indent}# {}\n{indent}{lines}\n", command.why));
    }
    text.push_str(end);
    text
}

/// What a script says and does besides its commands.
struct Frame<'a> {
    /// The first lines of comment.
    opening: &'a str,
    /// What runs before the commands.
    before: &'a str,
    /// What runs after the last of them.
    after: &'a str,
    management_account: Option<&'a AccountId>,
}

/// Writes a script of some changes' commands.
fn script<'a>(
    frame: &Frame<'_>,
    changes: impl Iterator<Item = (&'a ResourceChange, &'a [Command])> + Clone,
    says: impl Fn(&'a ResourceChange) -> Vec<String>,
) -> String {
    let all: Vec<&Command> = changes.clone().flat_map(|(_, commands)| commands).collect();
    let mut text = format!(
        "#!/usr/bin/env bash\n{}set -euo pipefail\ncd -- \"$(dirname -- \"${{BASH_SOURCE[0]}}\")\"\nexport AWS_PAGER= AWS_DEFAULT_OUTPUT=json\n{}",
        frame.opening,
        needs(&all)
    );
    if !all.is_empty() {
        text.push('\n');
        // A CLI that knows no Region by itself must not stop there; one of another partition could not tell.
        let region = changes.clone().find_map(|(own, _)| own.resource.region.as_ref());
        let region = shell_quote(region.map_or("us-east-1", RegionCode::as_str));
        text.push_str(&RUNS_IN_ACCOUNT.replace("REGION", &region));
        text.push_str(frame.before);
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
        text.push_str(&block(change, commands, frame.management_account));
    }
    if !all.is_empty() {
        text.push_str(frame.after);
    }
    text
}

/// What was saved before everything was undone says nothing of what is there now.
const SAVES_ANEW: &str = "\n# After undo.sh has come to its end, what was saved before it is out of date.\n\
    if [[ -e undone ]]; then\n  find . -name '*.saved.json' -exec mv -f -- {} {}.old ';'\n  rm -f -- undone\nfi\n";

/// Says to the other script that everything is undone.
const IS_UNDONE: &str = "\n# The next run of apply.sh saves anew.\ntouch -- undone\n";

impl Artefacts {
    /// Returns the bash script that applies every change; it runs in the folder that the files are in.
    ///
    /// A run after one that stopped, or ended, does what is left: what was saved stays, and what is done already is no error.
    pub fn script(&self) -> String {
        script(
            &Frame {
                opening: "# Applies the changes below, in this order. The script of the same folder that undoes them names what cannot be undone.\n\
                          # Read it before you run it: it changes what is recorded. What it changes it saves before, in files that end in\n\
                          # .saved.json, from which undo.sh puts it back: keep them. It stops at the first command that fails; run again,\n\
                          # it goes on from there.\n",
                before: SAVES_ANEW,
                after: "",
                management_account: self.management_account.as_ref(),
            },
            self.changes.iter().map(|own| (own, own.apply.as_slice())),
            |own| {
                let notes = own.notes.iter().map(|note| format!("Note: {note}"));
                own.what.iter().cloned().chain(notes).collect()
            },
        )
    }

    /// Returns the bash script that undoes every change, the last one first, from what the other script saved.
    ///
    /// Where nothing was saved it takes what the model knows, and says so.
    pub fn undo_script(&self) -> String {
        script(
            &Frame {
                opening: "# Undoes the changes of the other script, the last one first, from the files that it saved (.saved.json). Where there\n\
                          # is none it says so and takes what the scenario knows, which may not be all. It stops at the first command that\n\
                          # fails; run again, it goes on from there.\n",
                before: "",
                after: IS_UNDONE,
                management_account: self.management_account.as_ref(),
            },
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
        let command = Command {
            why: String::new(),
            text: String::new(),
            needs: vec![variable, edit],
            unless_saved: Vec::new(),
            refused: false,
        };
        let expected = "\n# What must be filled in first: no scenario knows it.\n#   KEY: it's a key\n\
                        #   REPLACE in a/b.json: a role\nmissing=\n\
                        [[ -n ${KEY-} ]] || { echo 'KEY is not set: it'\\''s a key' >&2; missing=1; }\n\
                        ! grep -q -F -e REPLACE a/b.json || { echo 'a/b.json still has REPLACE: a role' >&2; missing=1; }\n\
                        [[ -z $missing ]] || exit 1\n";
        assert_eq!(needs(&[&command]), expected);
        // What only the state that the scenario knows needs is not asked for where another one was saved.
        let role = Need::Variable { name: "ROLE".into(), meaning: "a role".into() };
        let command =
            Command { needs: Vec::new(), unless_saved: vec![("a/b.saved.json".into(), role)], ..command };
        let expected = "[[ -n ${ROLE-} ]] || { compgen -G a/b.saved.json >/dev/null; } || { echo 'ROLE is not set: a role' >&2; missing=1; }\n";
        assert!(needs(&[&command]).contains(expected), "{}", needs(&[&command]));
    }
}
