//! A compiled policy: what decides, what people read, and what both rest on.

use std::collections::BTreeMap;

use decide::spec::Spec;
use decide::{Right, Timestamp};
use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::calendar::Calendar;
use crate::clause::account::{Account, Registration};
use crate::clause::cessation::{Cessation, Product};
use crate::clause::change::ChangeRule;
use crate::clause::collection::{Category, Event, Logs, Source};
use crate::clause::consent::Acceptance;
use crate::clause::cookies::{Banner, Cookie};
use crate::clause::disclosure::Disclosure;
use crate::clause::messages::Messages;
use crate::clause::minors::MinorsRule;
use crate::clause::notice::{ContactRule, NoticeRule};
use crate::clause::publication::Publication;
use crate::clause::purpose::Purpose;
use crate::clause::residence::{Region, Residence};
use crate::clause::retention::Retention;
use crate::clause::rights::{Complaints, RightRule};
use crate::clause::security::{Backup, Incident, Security, Storage};
use crate::clause::sharing::{Agreement, Recipient, Share};
use crate::clause::succession::Succession;
use crate::clause::transfer::Transfer;
use crate::diagnostic::Diagnostics;
use crate::duration::{Duration, Error, Keep};
use crate::glossary::Term;
use crate::header::Header;
use crate::page::{Clause, Page};
use crate::phrase::Value;

/// A policy that compiled. Declarations are by id; each names the clause that it stands in.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// The front matter.
    pub header: Header,
    /// The rules that decide.
    pub spec: Spec,
    /// The page: its title and parts.
    pub page: Page,
    /// The clauses, in the order of the page.
    pub clauses: Vec<Clause>,
    /// Kinds of personal data.
    pub categories: BTreeMap<String, Category>,
    /// How long each category is kept.
    pub keep: BTreeMap<String, Keep>,
    /// Where data comes from.
    pub sources: BTreeMap<String, Source>,
    /// What data is used for.
    pub purposes: BTreeMap<String, Purpose>,
    /// Who gets data.
    pub recipients: BTreeMap<String, Recipient>,
    /// Agreements with recipients.
    pub agreements: BTreeMap<String, Agreement>,
    /// Shares.
    pub shares: BTreeMap<String, Share>,
    /// Transfers to other regions.
    pub transfers: BTreeMap<String, Transfer>,
    /// Disclosures on a ground of law.
    pub disclosures: BTreeMap<String, Disclosure>,
    /// Cookies.
    pub cookies: BTreeMap<String, Cookie>,
    /// Kinds of log information.
    pub events: BTreeMap<String, Event>,
    /// Rights.
    pub rights: BTreeMap<Right, RightRule>,
    /// Regions, by code.
    pub regions: BTreeMap<String, Region>,
    /// The clause of each act that nothing permits unless declared.
    pub silence: BTreeMap<String, String>,
    /// Registration.
    pub registration: Option<Registration>,
    /// Closing an account.
    pub account: Option<Account>,
    /// Log information in general.
    pub logs: Option<Logs>,
    /// The banner.
    pub banner: Option<Banner>,
    /// Accepting the policy.
    pub acceptance: Option<Acceptance>,
    /// Minors.
    pub minors: Option<MinorsRule>,
    /// Removing what is due.
    pub retention: Option<Retention>,
    /// Staying in a region.
    pub residence: Option<Residence>,
    /// Storing.
    pub storage: Option<Storage>,
    /// Protecting.
    pub security: Option<Security>,
    /// Backups.
    pub backup: Option<Backup>,
    /// Incidents.
    pub incident: Option<Incident>,
    /// Publishing data.
    pub publication: Option<Publication>,
    /// Mergers and the like.
    pub succession: Option<Succession>,
    /// Complaints.
    pub complaints: Option<Complaints>,
    /// Messages.
    pub messages: Option<Messages>,
    /// What the policy page shows.
    pub notice: Option<NoticeRule>,
    /// Where contact details stand.
    pub contact: Option<ContactRule>,
    /// Changes of the policy.
    pub change: Option<ChangeRule>,
    /// Products that can end by themselves.
    pub products: BTreeMap<String, Product>,
    /// The end of the service.
    pub cessation: Option<Cessation>,
    /// Terms that the page explains.
    pub glossary: BTreeMap<String, Term>,
    /// Calendars of working days, by name.
    pub calendars: BTreeMap<String, Calendar>,
    /// What compiled and is worth a look.
    pub warnings: Diagnostics,
    /// Canonical rules, by path.
    pub(crate) rules: BTreeMap<String, String>,
    /// What prose may interpolate, by path.
    pub(crate) values: BTreeMap<String, Value>,
}

impl Policy {
    /// The clause with this id.
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.clauses.iter().find(|it| it.id == id)
    }

    /// The canonical rules by path, `category.email.lookup` to `true`; `docs/formats/policy-hash.md`.
    pub fn rules(&self) -> &BTreeMap<String, String> {
        &self.rules
    }

    /// SHA-256 of the canonical text of the rules, as 64 hex digits.
    pub fn hash(&self) -> String {
        crate::rules::hash(&self.rules)
    }

    /// The same policy as the one that follows these rules, of whatever order: with what each widened.
    /// Rules that do not come before it are left out.
    #[must_use]
    pub fn after(mut self, older: &[Spec]) -> Self {
        let mut history: Vec<&Spec> =
            older.iter().filter(|it| it.version < self.spec.version).collect();
        history.sort_by_key(|it| it.version);
        crate::compile::widened::widen(&mut self.spec, &history);
        self
    }

    /// The text that is hashed.
    pub fn canonical(&self) -> String {
        crate::rules::canonical(&self.rules)
    }

    /// The time zone of a region, from the tables that come with the product.
    pub fn zone(&self, region: &str) -> Result<TimeZone, Error> {
        let name = self.regions.get(region).map(|it| it.timezone.as_str());
        name.and_then(|it| TimeZoneDatabase::bundled().get(it).ok())
            .ok_or_else(|| Error::UnknownRegion { region: region.to_owned() })
    }

    /// The calendar of a region.
    pub fn calendar(&self, region: &str) -> Result<&Calendar, Error> {
        let name = self.regions.get(region).map(|it| it.calendar.as_str());
        name.and_then(|it| self.calendars.get(it))
            .ok_or_else(|| Error::UnknownRegion { region: region.to_owned() })
    }

    /// The instant that lies so far after another, on the clocks and in the calendar of a region.
    pub fn due(&self, region: &str, from: Timestamp, period: Duration) -> Result<Timestamp, Error> {
        period.after_timestamp(from, &self.zone(region)?, self.calendar(region)?)
    }

    /// The retention of an event: the shortest of its categories', so that each is kept to.
    pub fn event_keep(&self, event: &str) -> Option<&Keep> {
        let event = self.events.get(event)?;
        let keeps = event.fields.values().filter_map(|it| self.keep.get(it));
        keeps.min_by_key(|it| it.period.hours())
    }
}
