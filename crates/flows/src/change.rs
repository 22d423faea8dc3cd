//! Changes of the policy: a version is announced, those whom it widens something for are told or
//! asked, and only then does it apply to them.

mod adopt;
mod affect;
mod announce;
mod answer;
mod case;
mod greet;
mod known;
mod letter;
mod propose;
pub(crate) mod publish;
mod replay;
mod round;
mod rounds;
mod tell;

pub use announce::{Announcement, announcement, announcement_of};
pub use case::MACHINE;
pub use greet::{Asked, Greeting, accept, greet};
pub use propose::{Approval, Handed, Waiting, approve, handed_in, proposals, propose};
pub use publish::{Draft, Plan, Reach, plan, publish};
pub use replay::{Line, Replayed, replay};
pub use rounds::{Notice, notices};

pub(crate) use adopt::{adopt, arrived};
pub(crate) use answer::{Said, answered, arrive, ask_again, outgrown};
pub(crate) use case::{CATCH_UP, adopted as adopting};
pub(crate) use known::{Kept, Known, known, learn, upcoming};
pub(crate) use round::{KIND, step};
