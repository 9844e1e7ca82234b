//! Lifecycles: what S3 would refuse, and what it would charge for nothing.

use super::document_storage::LifecycleInput;
use super::lower::Lowering;
use crate::domain::{Age, LifecycleAction, LifecycleRule, SMALL_OBJECT_KB, StorageClass, TransitionMinimum};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A step with its places.
struct Step {
    rule: LifecycleRule,
    /// The name of its rule, if it has one.
    name: Option<String>,
    after: Range<usize>,
    /// Where the class stands.
    class: Range<usize>,
}

impl Step {
    /// Tells whether objects of a size take the step; small ones move by a rule with sizes, or where the bucket lets them.
    fn takes(&self, size: u64, minimum: TransitionMinimum) -> bool {
        let fits = self.rule.larger_than.is_none_or(|least| size > least)
            && self.rule.smaller_than.is_none_or(|most| size < most);
        let LifecycleAction::Transition(to) = self.rule.action else {
            return fits;
        };
        let may_move = size >= SMALL_OBJECT_KB << 10
            || self.rule.has_size_filter()
            || (minimum == TransitionMinimum::VariesByClass && to.is_archive());
        fits && may_move
    }
}

/// Where objects of one size are on their way.
struct Stage {
    class: StorageClass,
    since: Age,
    rule: Option<u16>,
    deleted: bool,
}

impl Lowering<'_> {
    /// Reads a lifecycle; the steps come back by rising age, each with the place of its age.
    pub(super) fn lifecycle(
        &mut self,
        bucket: &str,
        inputs: &[LifecycleInput],
        minimum: TransitionMinimum,
    ) -> (Vec<LifecycleRule>, Vec<Range<usize>>) {
        let mut steps: Vec<Step> = inputs.iter().filter_map(|input| self.step(input)).collect();
        self.number_rules(&mut steps);
        let mut last: BTreeMap<u16, Age> = BTreeMap::new();
        let mut falling = false;
        for step in &steps {
            if last.insert(step.rule.rule, step.rule.after).is_some_and(|before| before >= step.rule.after) {
                falling = true;
                self.error(&step.after, "the steps of a lifecycle come by rising age".to_owned());
            }
        }
        steps.sort_by_key(|step| step.rule.after);
        if !falling {
            self.walk(bucket, &steps, minimum);
        }
        steps.into_iter().map(|step| (step.rule, step.after)).unzip()
    }

    fn step(&mut self, input: &LifecycleInput) -> Option<Step> {
        let after = self.days(&input.after);
        let action = match (&input.to, input.expire) {
            (Some(class), None | Some(false)) => self.storage_class(class).map(LifecycleAction::Transition),
            (None, Some(true)) => Some(LifecycleAction::Expire),
            _ => {
                let message = "a lifecycle step either moves (`to`) or deletes (`expire = true`)".to_owned();
                self.error(&input.after.span, message);
                None
            }
        };
        let larger_than = input.larger_than.as_ref().and_then(|size| self.bytes(size));
        let smaller_than = input.smaller_than.as_ref().and_then(|size| self.bytes(size));
        if let (Some(larger), Some(smaller), Some(at)) = (larger_than, smaller_than, &input.larger_than)
            && larger.saturating_add(1) >= smaller
        {
            self.error(&at.span, "no object is larger than this and smaller than the other".to_owned())
                .label = Some(format!("`smaller_than` is {smaller} bytes, this is {larger} bytes"));
        }
        let (after_age, action) = (after?, action?);
        if action == LifecycleAction::Expire && after_age.days() == 0 {
            self.error(&input.after.span, "objects cannot be deleted at the age of 0 days".to_owned())
                .label = Some("at least 1d".to_owned());
        }
        Some(Step {
            rule: LifecycleRule { after: after_age, action, rule: 0, larger_than, smaller_than },
            name: input.rule.clone(),
            after: input.after.span.clone(),
            class: input.to.as_ref().map_or_else(|| input.after.span.clone(), |to| to.span.clone()),
        })
    }

    /// Numbers the rules: a name is one, and so is each pair of sizes of the steps that name none.
    fn number_rules(&mut self, steps: &mut [Step]) {
        type Sizes = (Option<u64>, Option<u64>);
        let mut rules: Vec<(Option<String>, Sizes)> = Vec::new();
        for step in steps {
            let sizes = (step.rule.larger_than, step.rule.smaller_than);
            let known = rules
                .iter()
                .position(|(name, own)| *name == step.name && (step.name.is_some() || *own == sizes));
            if let (Some(at), Some(name)) = (known, &step.name)
                && rules[at].1 != sizes
            {
                self.error(&step.after, format!("the steps of the rule `{name}` have different sizes"))
                    .hint = Some("a rule has one filter: repeat the sizes, or name another rule".to_owned());
            }
            let at = known.unwrap_or_else(|| {
                rules.push((step.name.clone(), sizes));
                rules.len() - 1
            });
            step.rule.rule = u16::try_from(at).unwrap_or(u16::MAX);
        }
    }

    /// Follows objects of every size that the filters tell apart.
    fn walk(&mut self, bucket: &str, steps: &[Step], minimum: TransitionMinimum) {
        let mut sizes: BTreeSet<u64> = BTreeSet::from([1, SMALL_OBJECT_KB << 10]);
        for step in steps {
            sizes.extend(step.rule.larger_than.map(|size| size.saturating_add(1)));
            sizes.extend(step.rule.smaller_than);
        }
        let mut told: BTreeSet<usize> = BTreeSet::new();
        for size in sizes {
            let mut stage =
                Stage { class: StorageClass::Standard, since: Age::from_days(0), rule: None, deleted: false };
            for (at, step) in steps.iter().enumerate().filter(|(_, step)| step.takes(size, minimum)) {
                if !self.take(bucket, &mut stage, step, !told.contains(&at)) {
                    told.insert(at);
                }
            }
        }
    }

    /// Takes one step; returns whether there was nothing to say about it.
    fn take(&mut self, bucket: &str, stage: &mut Stage, step: &Step, tell: bool) -> bool {
        let after = step.rule.after;
        if stage.deleted {
            if step.rule.action == LifecycleAction::Expire {
                // Of two expiries the earlier one holds.
                return true;
            }
            if tell {
                let since = stage.since;
                self.error(&step.after, "this step comes after the objects are deleted".to_owned()).label =
                    Some(format!("they are deleted at {since}"));
            }
            return false;
        }
        if stage.rule.is_some() && after == stage.since {
            if tell {
                self.error(
                    &step.after,
                    "two rules do something with the same objects at this age".to_owned(),
                )
                .hint = Some("keep one of them, or tell them apart by size".to_owned());
            }
            return false;
        }
        let mut fine = true;
        if let LifecycleAction::Transition(to) = step.rule.action
            && !stage.class.may_move_to(to)
        {
            if tell {
                self.not_allowed(stage.class, to, step);
            }
            return false;
        }
        let stayed = after.days().saturating_sub(stage.since.days());
        let missing = stage.class.minimum_days().saturating_sub(stayed);
        if missing > 0 {
            fine = false;
            if tell {
                self.too_early(bucket, stage, step, missing);
            }
        }
        match step.rule.action {
            LifecycleAction::Transition(to) => stage.class = to,
            LifecycleAction::Expire => stage.deleted = true,
        }
        stage.since = after;
        stage.rule = Some(step.rule.rule);
        fine
    }

    fn not_allowed(&mut self, from: StorageClass, to: StorageClass, step: &Step) {
        let allowed: Vec<&str> =
            StorageClass::all().filter(|own| from.may_move_to(*own)).map(StorageClass::name).collect();
        let message = if from == to {
            format!("the objects are in {} already", to.name())
        } else {
            format!("a lifecycle cannot move objects from {} to {}", from.name(), to.name())
        };
        self.error(&step.class, message).label = Some(if allowed.is_empty() {
            format!("{} is the last class", from.name())
        } else {
            format!("from {} to {}", from.name(), allowed.join(", "))
        });
    }

    fn too_early(&mut self, bucket: &str, stage: &Stage, step: &Step, missing: u32) {
        let class = stage.class;
        let minimum = class.minimum_days();
        let earliest = stage.since.days() + minimum;
        let same_rule = stage.rule == Some(step.rule.rule);
        if same_rule && step.rule.action != LifecycleAction::Expire {
            let message =
                format!("within one rule objects stay in {} for at least {minimum} days", class.name());
            let finding = self.error(&step.after, message);
            finding.label = Some(format!("at the earliest {earliest}d"));
            finding.hint =
                Some("a second rule may move them earlier, and pays the remaining days".to_owned());
        } else {
            let plural = if missing == 1 { "day is" } else { "days are" };
            let message = format!(
                "objects of `{bucket}` leave {} before its {minimum} days: {missing} {plural} charged for nothing",
                class.name()
            );
            self.warning(&step.after, message).hint =
                Some(format!("from {earliest}d on nothing is charged beside the storage"));
        }
    }
}
