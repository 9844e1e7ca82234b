//! Columns of draws: the two roads joined draw by draw, and their percentiles.

use super::draws::Block;
use super::error::SimulationError;
use super::inputs::Inputs;
use super::lone::{LoneInput, add_all};
use super::result::ComponentRange;
use crate::domain::Money;
use crate::stats::Percentiles;

/// Draws fewer than this for each thread are not worth one.
const DRAWS_WORTH_A_THREAD: usize = 4096;

/// What the draws of the long road cost; without any such input one row that stands for every draw.
pub(super) struct Drawn {
    pub(super) blocks: Vec<Block>,
    pub(super) draws: usize,
    pub(super) is_constant: bool,
}

impl Drawn {
    /// Returns one field of every draw.
    fn column(&self, at: usize) -> Vec<Money> {
        let mut column = Vec::with_capacity(self.draws);
        for block in &self.blocks {
            column.extend(block.column(at));
        }
        if self.is_constant {
            let own = column.first().copied().unwrap_or_default();
            column.resize(self.draws, own);
        }
        column
    }
}

/// Percentiles of everything that is reported.
pub(super) struct Figures {
    pub(super) total: Percentiles,
    pub(super) years: Vec<Percentiles>,
    pub(super) months: Vec<Percentiles>,
    pub(super) components: Vec<ComponentRange>,
}

/// Joins both roads.
pub(super) fn figures(
    inputs: &Inputs<'_>,
    drawn: &Drawn,
    threads: usize,
) -> Result<Figures, SimulationError> {
    let count = inputs.likely.horizon.months as usize;
    let mut months: Vec<Vec<Money>> = (0..count).map(|month| drawn.column(month)).collect();
    let mut components = Vec::with_capacity(inputs.components.len());
    for (at, &component) in inputs.components.iter().enumerate() {
        let lone: Vec<&LoneInput> =
            inputs.lone.iter().filter(|own| own.volume.component == component).collect();
        let field = count + 2 * at;
        if lone.is_empty() && drawn.is_constant {
            let own = |field| drawn.blocks.iter().flat_map(|block| block.column(field)).next();
            let certain = |field| Percentiles::certain(own(field).unwrap_or_default());
            let (total, first_month) = (certain(field), certain(field + 1));
            components.push(ComponentRange { component, first_month, total });
            continue;
        }
        let mut total = drawn.column(field);
        // The first of one month is the total.
        let mut first_month = (count > 1).then(|| drawn.column(field + 1));
        add_lone(&lone, &mut months, &mut total, first_month.as_mut(), threads)?;
        let total = Percentiles::of(&mut total);
        let first_month = first_month.map_or(total, |mut column| Percentiles::of(&mut column));
        components.push(ComponentRange { component, first_month, total });
    }
    let (total, years) = years(&months)?;
    let months = match months.as_mut_slice() {
        [_] => vec![total],
        _ => percentiles(&mut months, threads),
    };
    Ok(Figures { total, years, months, components })
}

/// A thread's part of the draws: the first draw, and its part of each month's column, of the total and of the first month.
type Part<'a> = (usize, Vec<&'a mut [Money]>, &'a mut [Money], Option<&'a mut [Money]>);

/// Adds the costs of lone inputs of one component; each thread takes a part of the draws.
fn add_lone(
    lone: &[&LoneInput],
    months: &mut [Vec<Money>],
    total: &mut [Money],
    first_month: Option<&mut Vec<Money>>,
    threads: usize,
) -> Result<(), SimulationError> {
    if lone.is_empty() {
        return Ok(());
    }
    let threads = threads.min(total.len() / DRAWS_WORTH_A_THREAD).max(1);
    let size = total.len().div_ceil(threads).max(1);
    let mut months: Vec<_> = months.iter_mut().map(|column| column.chunks_mut(size)).collect();
    let mut first_month = first_month.map(|column| column.chunks_mut(size));
    let mut parts = Vec::with_capacity(threads);
    for (at, total) in total.chunks_mut(size).enumerate() {
        let months: Vec<&mut [Money]> = months.iter_mut().filter_map(Iterator::next).collect();
        let first_month = first_month.as_mut().and_then(Iterator::next);
        parts.push((at * size, months, total, first_month));
    }
    let work = |part: Part<'_>| {
        let (first, mut months, total, mut first_month) = part;
        let first = u32::try_from(first).unwrap_or(u32::MAX);
        for own in lone {
            own.add(first, &mut months, total, first_month.as_deref_mut())?;
        }
        Ok(())
    };
    if parts.len() == 1 {
        return parts.into_iter().try_for_each(work);
    }
    let done: Vec<_> = std::thread::scope(|scope| {
        let handles: Vec<_> = parts.into_iter().map(|part| scope.spawn(|| work(part))).collect();
        handles.into_iter().map(std::thread::ScopedJoinHandle::join).collect()
    });
    done.into_iter().try_for_each(|done| done.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
}

/// Adds the months up by year and over all.
fn years(months: &[Vec<Money>]) -> Result<(Percentiles, Vec<Percentiles>), SimulationError> {
    let mut whole: Option<Vec<Money>> = None;
    let mut years = Vec::new();
    for months in months.chunks(12) {
        let Some((first, others)) = months.split_first() else {
            continue;
        };
        let mut year = first.clone();
        for month in others {
            add_all(&mut year, month)?;
        }
        match &mut whole {
            None => whole = Some(year.clone()),
            Some(whole) => add_all(whole, &year)?,
        }
        years.push(year);
    }
    let mut whole = whole.unwrap_or_default();
    let total = Percentiles::of(&mut whole);
    let years = match years.as_slice() {
        [_] => vec![total],
        _ => years.iter_mut().map(|year| Percentiles::of(year)).collect(),
    };
    Ok((total, years))
}

/// Takes the percentiles of every column.
fn percentiles(columns: &mut [Vec<Money>], threads: usize) -> Vec<Percentiles> {
    let size = columns.len().div_ceil(threads.max(1)).max(1);
    std::thread::scope(|scope| {
        let handles: Vec<_> = columns
            .chunks_mut(size)
            .map(|part| {
                scope.spawn(|| part.iter_mut().map(|column| Percentiles::of(column)).collect::<Vec<_>>())
            })
            .collect();
        handles
            .into_iter()
            .flat_map(|handle| handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}
