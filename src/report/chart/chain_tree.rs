//! Which stages a chain shows, and what comes after what.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::chain::{Chain, ChainArrow};
use super::chain_stage::ChainStage;
use super::palette::ComponentGroup;
use super::series::sum;
use super::text::clean;

/// More arrows into one stage are drawn as one.
const MOST_ARROWS: usize = 5;

/// A stage with its place in the tree.
pub(super) struct Branch<'a> {
    pub label: String,
    pub note: String,
    pub used: bool,
    pub from: Option<ChainStage>,
    pub arrows: Vec<Cow<'a, ChainArrow>>,
}

/// All stages of the picture.
pub(super) struct Tree<'a> {
    pub branches: BTreeMap<ChainStage, Branch<'a>>,
}

impl<'a> Tree<'a> {
    pub(super) fn new(chain: &'a Chain) -> Self {
        let mut branches: BTreeMap<ChainStage, Branch<'a>> = BTreeMap::new();
        let branch = |label: &str, note: &str, used| Branch {
            label: clean(label),
            note: clean(note),
            used,
            from: None,
            arrows: Vec::new(),
        };
        for node in &chain.nodes {
            branches.entry(node.stage).or_insert_with(|| branch(&node.label, &node.note, node.used));
        }
        let ends = chain.arrows.iter().map(|arrow| arrow.to);
        for stage in ends.chain([ChainStage::ApiCalls]) {
            branches.entry(stage).or_insert_with(|| branch(stage.label(), "", true));
        }
        let stages: Vec<ChainStage> = branches.keys().copied().collect();
        for stage in stages {
            let from = before(&branches, stage);
            if let Some(branch) = branches.get_mut(&stage) {
                branch.from = from;
                branch.arrows = gathered(chain.arrows.iter().filter(|arrow| arrow.to == stage));
            }
        }
        Self { branches }
    }

    pub(super) fn arrows(&self, stage: ChainStage) -> &[Cow<'a, ChainArrow>] {
        self.branches.get(&stage).map_or(&[], |branch| &branch.arrows)
    }

    pub(super) fn children(&self, stage: ChainStage) -> impl Iterator<Item = ChainStage> {
        self.branches.iter().filter(move |(_, branch)| branch.from == Some(stage)).map(|(&child, _)| child)
    }

    /// How many rows a stage takes with all that comes after it.
    pub(super) fn rows(&self, stage: ChainStage) -> usize {
        let after: usize = self.children(stage).map(|child| self.rows(child)).sum();
        after.max(self.arrows(stage).len()).max(1)
    }
}

/// The nearest stage before this one that the picture has and, if this one is used, that is used itself.
fn before(branches: &BTreeMap<ChainStage, Branch<'_>>, stage: ChainStage) -> Option<ChainStage> {
    let used = branches.get(&stage).is_some_and(|branch| branch.used);
    let mut at = stage;
    loop {
        at = at.comes_from()?;
        let found = branches.get(&at).is_some_and(|branch| branch.used || !used);
        if found || at == ChainStage::ApiCalls {
            return Some(at);
        }
    }
}

/// The arrows into one stage; where they are too many, the cheapest are summed up.
fn gathered<'a>(arrows: impl Iterator<Item = &'a ChainArrow>) -> Vec<Cow<'a, ChainArrow>> {
    let arrows: Vec<&ChainArrow> = arrows.collect();
    if arrows.len() <= MOST_ARROWS {
        return arrows.into_iter().map(Cow::Borrowed).collect();
    }
    let mut order: Vec<usize> = (0..arrows.len()).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(arrows[at].amount.abs()));
    let mut kept = order[..MOST_ARROWS - 1].to_vec();
    kept.sort_unstable();
    let rest: Vec<&ChainArrow> = order[MOST_ARROWS - 1..].iter().map(|&at| arrows[at]).collect();
    let others = rest.first().map(|first| ChainArrow {
        to: first.to,
        label: format!("{} others", rest.len()),
        amount: sum(rest.iter().map(|arrow| arrow.amount)),
        incomplete: rest.iter().any(|arrow| arrow.incomplete),
        colour: ComponentGroup::Other.colour(),
    });
    kept.into_iter().map(|at| Cow::Borrowed(arrows[at])).chain(others.map(Cow::Owned)).collect()
}
