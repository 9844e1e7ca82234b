//! What is asked, and what comes back.

use super::{ask, data, refusals, world};
use crate::support::aws::Emulator;
use trailcost::sources::aws::answers::Data;

#[test]
fn a_small_account_is_read() {
    let emulator = Emulator::start(world());
    let answers = ask(&emulator).unwrap();
    assert_eq!(answers.from, "2026-10-22");
    assert_eq!(answers.to, "2026-11-20");
    assert!(!answers.partial);
    let trails = data(&answers, |own| match own {
        Data::DescribeTrails(own) => Some(own.trail_list.len()),
        _ => None,
    });
    assert_eq!(trails, [1, 1]);
    println!("{:#?}", refusals(&answers));
}
