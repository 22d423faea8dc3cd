//! The tables of the language, and the noun that each belongs to.

use crate::word::words;

words!(
    /// A kind of declaration, by the word of its table.
    Kind {
        /// `[category.ID]`
        Category = "category",
        /// `[keep.CATEGORY]`
        Keep = "keep",
        /// `[retention]`
        Retention = "retention",
        /// `[source.ID]`
        Source = "source",
        /// `[registration]`
        Registration = "registration",
        /// `[account]`
        Account = "account",
        /// `[logs]`
        Logs = "logs",
        /// `[event.ID]`
        Event = "event",
        /// `[cookie.ID]`
        Cookie = "cookie",
        /// `[banner]`
        Banner = "banner",
        /// `[purpose.ID]`
        Purpose = "purpose",
        /// `[acceptance]`
        Acceptance = "acceptance",
        /// `[minors]`
        Minors = "minors",
        /// `[region.CODE]`
        Region = "region",
        /// `[residence]`
        Residence = "residence",
        /// `[storage]`
        Storage = "storage",
        /// `[security]`
        Security = "security",
        /// `[backup]`
        Backup = "backup",
        /// `[incident]`
        Incident = "incident",
        /// `[recipient.ID]`
        Recipient = "recipient",
        /// `[agreement.ID]`
        Agreement = "agreement",
        /// `[share.ID]`
        Share = "share",
        /// `[silence]`
        Silence = "silence",
        /// `[transfer.ID]`
        Transfer = "transfer",
        /// `[disclosure.ID]`
        Disclosure = "disclosure",
        /// `[publication]`
        Publication = "publication",
        /// `[succession]`
        Succession = "succession",
        /// `[right.ID]`
        Right = "right",
        /// `[complaints]`
        Complaints = "complaints",
        /// `[messages]`
        Messages = "messages",
        /// `[notice]`
        Notice = "notice",
        /// `[contact]`
        Contact = "contact",
        /// `[change]`
        Change = "change",
        /// `[product.ID]`
        Product = "product",
        /// `[cessation]`
        Cessation = "cessation",
    }
);

impl Kind {
    /// Whether its tables carry an id: `[category.ID]`.
    pub const fn named(self) -> bool {
        match self {
            Self::Category
            | Self::Keep
            | Self::Source
            | Self::Event
            | Self::Cookie
            | Self::Purpose
            | Self::Region
            | Self::Recipient
            | Self::Agreement
            | Self::Share
            | Self::Transfer
            | Self::Disclosure
            | Self::Product
            | Self::Right => true,
            Self::Retention
            | Self::Registration
            | Self::Account
            | Self::Logs
            | Self::Banner
            | Self::Acceptance
            | Self::Minors
            | Self::Residence
            | Self::Storage
            | Self::Security
            | Self::Backup
            | Self::Incident
            | Self::Silence
            | Self::Publication
            | Self::Succession
            | Self::Complaints
            | Self::Messages
            | Self::Notice
            | Self::Contact
            | Self::Change
            | Self::Cessation => false,
        }
    }

    /// The noun whose flow acts on it.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Category | Self::Source | Self::Logs | Self::Event => "collection",
            Self::Keep | Self::Retention => "retention",
            Self::Registration | Self::Account => "account",
            Self::Cookie | Self::Banner => "cookies",
            Self::Purpose => "purpose",
            Self::Acceptance => "consent",
            Self::Minors => "minors",
            Self::Region | Self::Residence => "residence",
            Self::Storage | Self::Security | Self::Backup | Self::Incident => "security",
            Self::Recipient | Self::Agreement | Self::Share | Self::Silence => "sharing",
            Self::Transfer => "transfer",
            Self::Disclosure => "disclosure",
            Self::Publication => "publication",
            Self::Succession => "succession",
            Self::Right | Self::Complaints => "rights",
            Self::Messages => "messages",
            Self::Notice | Self::Contact => "notice",
            Self::Change => "change",
            Self::Product | Self::Cessation => "cessation",
        }
    }
}
