//! Every stream is taken: it ends, without a panic, and gives nothing but what was sealed.

use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_a_reader_panic(
        stream in prop::sample::select(vec![Stream::Data, Stream::Keys, Stream::Changes, Stream::Archive]),
        rest in proptest::collection::vec(any::<u8>(), 0..300),
        length in any::<u32>(),
    ) {
        let vault = vault();
        prop_assert!(opened(&vault, stream, &rest).is_err());
        // Behind a good beginning, a piece of any length that it says.
        let head = vault.seal_stream(stream, [3; 16], Vec::new()).unwrap().get_mut().clone();
        for said in [length, length % 400, (length % 400) | LAST] {
            let bytes = [head.as_slice(), &said.to_be_bytes(), &rest].concat();
            prop_assert!(opened(&vault, stream, &bytes).is_err());
        }
    }

    #[test]
    fn what_was_changed_anywhere_gives_nothing(
        at in any::<prop::sample::Index>(), put in 1_u8.., cut in any::<prop::sample::Index>(),
    ) {
        let vault = vault();
        let bytes = sealed(&vault, b"what was sealed");
        let mut changed = bytes.clone();
        changed[at.index(bytes.len())] ^= put;
        prop_assert!(opened(&vault, Stream::Data, &changed).is_err());
        prop_assert!(opened(&vault, Stream::Data, &bytes[..cut.index(bytes.len())]).is_err());
    }
}
