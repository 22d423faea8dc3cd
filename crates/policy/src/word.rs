//! Words of the policy language for enums: one word a variant, both ways.

/// An enum whose variants have words in the policy language.
pub(crate) trait Word: Copy + Ord + 'static {
    /// All variants, in the order of the reference.
    fn all() -> &'static [Self];
    /// The word of this one.
    fn word(self) -> &'static str;
}

/// Gives an enum of `decide`, which has the words already, the trait.
macro_rules! words_of {
    ($($name:ty),+ $(,)?) => {$(
        impl Word for $name {
            fn all() -> &'static [Self] {
                Self::ALL
            }
            fn word(self) -> &'static str {
                <$name>::word(self)
            }
        }
    )+};
}

/// Defines an enum by its variants' words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// All of them, in the order of the policy language.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its word in policies and answers.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The one with this word.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.word() == word)
            }
        }

        impl $crate::word::Word for $name {
            fn all() -> &'static [Self] {
                Self::ALL
            }
            fn word(self) -> &'static str {
                $name::word(self)
            }
        }
    };
}
pub(crate) use words;

use decide::spec::{Basis, Default as Unsaid, Effect, Minors, Role, ShareConsent};
use decide::{Form, Ground, Right};
words_of!(Basis, Unsaid, Effect, Minors, Role, ShareConsent, Form, Ground, Right);

/// The nearest of the known names to one that is not known, if any is near enough to be meant.
pub(crate) fn nearest<'a>(
    given: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let near = known.into_iter().map(|it| (distance(given, it), it)).min_by_key(|it| it.0);
    let enough = given.chars().count().div_ceil(3).max(1);
    near.filter(|(far, _)| *far <= enough).map(|(_, it)| it)
}

/// Levenshtein's distance, in characters; names are short.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(crate::limit::ID_MAX).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().take(crate::limit::ID_MAX).enumerate() {
        let mut left = i.saturating_add(1);
        let mut next = vec![left];
        for (other, pair) in b.iter().zip(row.windows(2)) {
            let (diagonal, above) = (pair.first().copied(), pair.last().copied());
            let replace = diagonal.unwrap_or(0).saturating_add(usize::from(*other != letter));
            left = replace.min(left.saturating_add(1)).min(above.unwrap_or(0).saturating_add(1));
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
