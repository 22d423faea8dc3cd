//! A digest over rows in the order of their key: the same on both sides, or something differs.

use aws_lc_rs::digest::{Context, SHA256};

use crate::sql::Value;

/// How many rows, and what they come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Digest {
    pub(super) rows: u64,
    pub(super) hash: Vec<u8>,
}

/// A digest that grows.
pub(super) struct Growing {
    rows: u64,
    context: Context,
}

impl Growing {
    pub(super) fn new() -> Self {
        Self { rows: 0, context: Context::new(&SHA256) }
    }

    pub(super) fn row(&mut self, cells: &[Value]) {
        self.rows = self.rows.saturating_add(1);
        for cell in cells {
            match cell {
                Value::Null => self.part(0, &[]),
                Value::Int(it) => self.part(1, &it.to_be_bytes()),
                Value::Text(it) => self.part(2, it.as_bytes()),
                Value::Bytes(it) => self.part(3, it),
                Value::Id(it) => self.part(3, it),
                Value::Hash(it) => self.part(3, it),
            }
        }
    }

    /// With its length, so that no two rows come to the same bytes.
    fn part(&mut self, kind: u8, bytes: &[u8]) {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.context.update(&[kind]);
        self.context.update(&length.to_be_bytes());
        self.context.update(bytes);
    }

    pub(super) fn end(self) -> Digest {
        Digest { rows: self.rows, hash: self.context.finish().as_ref().to_vec() }
    }
}
