//! Ids that carry their region.

use std::fmt;

use crate::limit::REGION_CODE_MAX;

/// The code of a region as it stands in ids and configuration: `cn`, `eu`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionCode([u8; REGION_CODE_MAX]);

impl RegionCode {
    /// From one to eight lower-case ASCII letters or digits.
    pub fn new(code: &str) -> Option<Self> {
        let fits = !code.is_empty()
            && code.len() <= REGION_CODE_MAX
            && code.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit());
        fits.then(|| {
            let mut bytes = [0; REGION_CODE_MAX];
            for (to, from) in bytes.iter_mut().zip(code.bytes()) {
                *to = from;
            }
            Self(bytes)
        })
    }

    /// The code with zeros after it.
    pub const fn padded(self) -> [u8; REGION_CODE_MAX] {
        self.0
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        let bytes = self.0.split(|it| *it == 0).next().unwrap_or(&[]);
        std::str::from_utf8(bytes).unwrap_or("")
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Defines an id type: a prefix, the region's code, and 128 bits (UUIDv7) as 32 hex digits.
macro_rules! typed_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name {
            region: RegionCode,
            bits: u128,
        }

        impl $name {
            /// From its region and 128 bits, UUIDv7.
            pub const fn new(region: RegionCode, bits: u128) -> Self {
                Self { region, bits }
            }

            /// The region that holds what the id names.
            pub const fn region(&self) -> RegionCode {
                self.region
            }

            /// The 128 bits, as the database keeps them (16 bytes, big-endian).
            pub const fn bits(&self) -> u128 {
                self.bits
            }

            /// Reads the text form; `None` when it is not one.
            pub fn parse(text: &str) -> Option<Self> {
                let (region, hex) = text.strip_prefix(concat!($prefix, "_"))?.split_once('_')?;
                let plain = hex.len() == 32
                    && hex.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
                let bits = u128::from_str_radix(hex, 16).ok().filter(|_| plain)?;
                Some(Self { region: RegionCode::new(region)?, bits })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}_{:032x}"), self.region, self.bits)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}

typed_id!(
    /// A person: `per_cn_…`.
    PersonId, "per"
);
typed_id!(
    /// A record of an outcome: `rec_cn_…`.
    RecordId, "rec"
);
typed_id!(
    /// A request to exercise a right: `req_cn_…`.
    RequestId, "req"
);
typed_id!(
    /// A message of somebody who wrote in: `msg_cn_…`.
    MessageId, "msg"
);
typed_id!(
    /// A hold that the law or a court asks for: `hold_cn_…`.
    HoldId, "hold"
);
typed_id!(
    /// A guardian of one child: `gua_cn_…`.
    GuardianId, "gua"
);
typed_id!(
    /// What a recipient or a connected system is to be told: `del_cn_…`.
    DeliveryId, "del"
);
typed_id!(
    /// What is sent to a recipient in another region: `trf_cn_…`.
    TransferId, "trf"
);
typed_id!(
    /// Whatever of these stands open until somebody acts: `case_cn_…`.
    CaseId, "case"
);

macro_rules! is_a_case {
    ($($name:ident)+) => {$(
        impl From<$name> for CaseId {
            fn from(id: $name) -> Self {
                Self::new(id.region, id.bits)
            }
        }

        impl From<CaseId> for $name {
            fn from(id: CaseId) -> Self {
                Self::new(id.region, id.bits)
            }
        }
    )+};
}
is_a_case!(RequestId MessageId HoldId GuardianId DeliveryId TransferId);

#[cfg(test)]
mod tests;
