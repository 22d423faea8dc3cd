//! The process itself: no dump of its memory, and files enough for its connections.

use rustix::process::{
    DumpableBehavior, Resource, Rlimit, dumpable_behavior, getrlimit, set_dumpable_behavior,
    setrlimit,
};

/// A core dump would hold keys and plaintext. Not dumpable, the memory cannot be read by another
/// process of the same account either. Where the system refuses, nothing else is lost, and
/// `kept doctor` says so.
pub(crate) fn forbid_core_dumps() {
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }).ok();
    set_dumpable_behavior(DumpableBehavior::NotDumpable).ok();
}

/// Whether this process leaves no dump of its memory.
pub(crate) fn leaves_no_dump() -> bool {
    let behaviour = dumpable_behavior();
    getrlimit(Resource::Core).maximum == Some(0)
        && matches!(behaviour, Ok(DumpableBehavior::NotDumpable))
}

/// Lets this process have as many files open as the system allows it; answers how many.
pub(crate) fn raise_files() -> u64 {
    let allowed = getrlimit(Resource::Nofile);
    let wanted = Rlimit { current: allowed.maximum, maximum: allowed.maximum };
    let had = allowed.current;
    let has = if setrlimit(Resource::Nofile, wanted).is_ok() { allowed.maximum } else { had };
    has.unwrap_or(u64::MAX)
}
