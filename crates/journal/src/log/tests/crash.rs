//! The disk fails at each step in turn, with and without a power failure; the log always comes
//! back with everything acknowledged, and verifies.

use super::world::{Memory, entries, signer};
use super::*;

/// Publishes and settles until the disk fails. Returns how many entries were acknowledged.
fn run(log: &Memory, outside: &Memory, all: &[Hash]) -> Result<u64, u64> {
    let mut acknowledged = 0;
    let Ok(mut writer) = Sequencer::open(log.clone(), vec![outside.clone()], signer()) else {
        return Err(acknowledged);
    };
    let mut at = 0;
    for (turn, part) in all.chunks(130).enumerate() {
        if writer.append(at, part).is_err() {
            assert!(matches!(writer.append(at, part), Err(Fault::Stopped)) || acknowledged == at);
            return Err(acknowledged);
        }
        at += part.len() as u64;
        acknowledged = at;
        if turn == 2 && writer.settle().is_err() {
            return Err(acknowledged);
        }
    }
    Ok(acknowledged)
}

fn crash_at(step: usize, power: bool, shared: bool) -> bool {
    let all = entries(0, 780);
    let (log, outside) = (Memory::default(), Memory::default());
    let broken = if shared { &outside } else { &log };
    broken.0.borrow_mut().left = Some(step);
    let (acknowledged, finished) = match run(&log, &outside, &all) {
        Ok(all) => (all, true),
        Err(some) => (some, false),
    };
    for disk in [&log, &outside] {
        let mut disk = disk.0.borrow_mut();
        disk.left = None;
        if power {
            disk.lose_power();
        }
    }
    let mut writer = Sequencer::open(log.clone(), vec![outside.clone()], signer())
        .unwrap_or_else(|fault| panic!("step {step} power {power}: {fault}"));
    assert!(writer.size() >= acknowledged, "step {step}: {} of {acknowledged}", writer.size());
    verify_tree(&log, &writer.checkpoint()).unwrap();
    // The caller sends again from what it knows to be acknowledged.
    writer.append(acknowledged, &all[acknowledged as usize..]).unwrap();
    assert_eq!(writer.size(), 780);
    assert_eq!(writer.checkpoint().root, world::tiles(&all, 780).0.root());
    verify_tree(&log, &writer.checkpoint()).unwrap();
    finished
}

use super::world;

#[test]
fn a_failure_at_each_step_recovers() {
    for power in [false, true] {
        for outside in [false, true] {
            let mut step = 0;
            while !crash_at(step, power, outside) {
                step += 1;
            }
            assert!(step > 20, "{step} steps were tried");
        }
    }
}

#[test]
fn a_lost_acknowledged_publish_is_refused() {
    let all = entries(0, 260);
    let (log, outside) = (Memory::default(), Memory::default());
    assert_eq!(run(&log, &outside, &all), Ok(260));
    // Cut the last publish out of `pending`: the signed checkpoint beside it knows better.
    let mut disk = log.0.borrow_mut();
    let bytes = disk.seen.get_mut("pending").unwrap();
    let cut = bytes.len() - 10;
    bytes.truncate(cut);
    drop(disk);
    let fault = Sequencer::open(log, vec![outside], signer()).unwrap_err();
    assert!(matches!(fault, Fault::Truncated { outside_size: 260, size: 130, .. }), "{fault}");
}
