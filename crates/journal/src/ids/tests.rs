use std::sync::atomic::{AtomicU64, Ordering};

use decide::PersonId;
use decide::id::RecordId;

use super::*;
use crate::fault::SealFault;
use crate::sealed::{Sealed, WrappedKey};

struct Counting(AtomicU64);

impl Seal for Counting {
    fn seal_record(
        &self,
        _: &WrappedKey,
        _: PersonId,
        _: RecordId,
        plain: &[u8],
    ) -> Result<(Sealed, [u8; 32]), SealFault> {
        Ok((Sealed::stored(plain.to_vec()), [0; 32]))
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        let word = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed).to_le_bytes();
        for (to, from) in bytes.iter_mut().zip(word.iter().cycle()) {
            *to = *from;
        }
    }
}

#[test]
fn ids_ascend_even_when_the_clock_steps_back() {
    let (ids, seal) = (Ids::default(), Counting(AtomicU64::new(1)));
    let mut last = 0;
    for round in 0..1_000_i64 {
        let next = ids.next(&seal, Timestamp::from_millis(1_790_000_000_000 - round % 7));
        assert!(next > last);
        assert_eq!((next >> 76) & 0xf, 7);
        assert_eq!((next >> 62) & 0x3, 2);
        last = next;
    }
}

#[test]
fn an_id_carries_its_millisecond() {
    let (ids, seal) = (Ids::default(), Counting(AtomicU64::new(1)));
    let id = ids.next(&seal, Timestamp::from_millis(1_790_000_000_000));
    assert_eq!(id >> 80, 1_790_000_000_000);
}
