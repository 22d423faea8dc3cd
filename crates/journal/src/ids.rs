//! Ids that ascend.
