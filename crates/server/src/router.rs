//! Which address does what: one table, which the description of the interface is made from too.

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::{delete, get, post, put};
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;

use crate::api::{
    app as key, backup, browser, cessation, change, clock, evidence, guardian, holds, mail, me,
    messages, partner, people, public, push, requests, retention, session, staff, transfer,
};
use crate::{App, Problem, asset, console, guard, headers, openapi, page};

/// Who may call an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Everybody.
    Public,
    /// A browser, whoever sits before it.
    Browser,
    /// Whoever is signed in.
    Person,
    /// An application with its key.
    Key,
    /// A partner with its key.
    Partner,
    /// A member of staff who is signed in.
    Staff,
}

/// One address and what it does.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) who: Who,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) says: &'static str,
    /// The schema of the body that it reads; empty for none.
    pub(crate) takes: &'static str,
    pub(crate) status: u16,
    /// The schema of the body that it answers, or the kind of it; empty for none.
    pub(crate) gives: &'static str,
}

macro_rules! table {
    ($($who:ident $method:ident $path:literal $handler:path, $says:literal,
       $takes:literal => $status:literal $gives:literal;)+) => {
        /// The table.
        pub(crate) const TABLE: &[Row] = &[$(Row {
            who: Who::$who,
            method: stringify!($method),
            path: $path,
            says: $says,
            takes: $takes,
            status: $status,
            gives: $gives,
        }),+];

        fn table() -> Router<App> {
            Router::new()$(.route($path, $method($handler)))+
        }
    };
}

table! {
    Public get "/privacy.json" public::twin, "The policy for machines", "" => 200 "Policy";
    Public get "/kept.js" asset::script, "Banner, consent, collector", "" => 200 "text/javascript";
    Public get "/kept.css" asset::styles, "The pages' stylesheet", "" => 200 "text/css";
    Public get "/.well-known/gpc.json" public::gpc, "Global Privacy Control is honoured", "" => 200 "Gpc";
    Public get "/.well-known/security.txt" public::security, "Where to report a weakness", "" => 200 "text/plain";
    Public get "/health" public::health, "Whether the process answers", "" => 200 "Status";
    Public get "/ready" public::ready, "Whether it can do its work", "" => 200 "Status";
    Public get "/openapi.json" openapi::show, "This description", "" => 200 "Description";
    Public get "/checkpoint" public::checkpoint, "The newest signed checkpoint of the log", "" => 200 "text/plain";
    Public get "/tile/{*path}" public::tile, "Tiles of the log, as tlog-tiles has them", "" => 200 "application/octet-stream";
    Public post "/v1/test/clock" clock::advance, "Moves a test clock", "Advance" => 200 "Now";
    Browser get "/v1/consent" browser::shown, "What the banner shows, and what was answered", "" => 200 "Consent";
    Browser put "/v1/consent" browser::choose, "Answers, or changes one's mind", "Choices" => 200 "Receipt";
    Browser post "/v1/events" browser::events, "Log information, up to 1,000 events", "Events" => 200 "Arrived";
    Public post "/v1/people" people::register, "Registers", "Registration" => 201 "Registered";
    Public post "/v1/people/{id}/verify" people::verify, "Proves an address by a code, and signs in; or proves a phone number", "Code" => 200 "Registered";
    Person post "/v1/me/codes" people::send_code, "Has a code sent to the phone number", "CodeAsked" => 202 "CodeSent";
    Public post "/v1/session" session::begin, "Signs in; without password and code a code is sent, and the answer is 202", "SignIn" => 200 "Registered";
    Person delete "/v1/session" session::end, "Signs out", "" => 204 "";
    Person get "/v1/me" me::show, "The account", "" => 200 "Me";
    Person delete "/v1/me" me::close, "Closes the account", "" => 202 "Closing";
    Person delete "/v1/me/sessions/{id}" session::end_other, "Ends another session", "" => 204 "";
    Person get "/v1/me/data" me::data, "Each value that is held", "" => 200 "Data";
    Person put "/v1/me/data/{category}" me::correct, "Corrects a value", "Value" => 200 "Changed";
    Person delete "/v1/me/data/{category}" me::delete, "Deletes a value", "" => 200 "Changed";
    Person get "/v1/me/uses" me::uses, "Who used what, under which clause", "" => 200 "Uses";
    Person get "/v1/me/disclosures" me::disclosures, "To whom something was disclosed", "" => 200 "Disclosures";
    Person get "/v1/me/consents" me::consents, "What was answered, with the receipts", "" => 200 "Consents";
    Person get "/v1/me/transfers" transfer::mine, "What may cross a border with one's own consent, each with its purpose, recipient, safeguards and risks", "" => 200 "OwnTransfers";
    Person put "/v1/me/transfers/{id}" transfer::answer, "Agrees to one transfer, or takes it back", "TransferChoice" => 200 "TransferReceipt";
    Person post "/v1/me/transfers/token" transfer::token, "A token by which another account of one's own hands over to this one", "" => 201 "MoveToken";
    Person post "/v1/me/transfers/{id}/carry" transfer::carry, "Hands over to a new account in another region", "MoveTo" => 200 "Carried";
    Person get "/v1/me/changes" change::mine, "A new version of the policy, and what it asks", "" => 200 "Changes";
    Person post "/v1/me/changes" change::agree, "Agrees to a version", "VersionAgreed" => 200 "VersionAgreed";
    Person get "/v1/me/export" me::export, "Everything that is held, as JSON or packed with tables", "" => 200 "Export";
    Person get "/v1/me/requests" requests::list, "Requests, newest first", "" => 200 "Requests";
    Person post "/v1/me/requests" requests::ask, "Asks for a right", "RightAsked" => 201 "Request";
    Person get "/v1/me/requests/{id}" requests::show, "One request, with what was said", "" => 200 "RequestWhole";
    Public post "/v1/me/requests/{id}/cancel" requests::cancel, "Takes a request back, signed in or with the link in the mail", "Link" => 200 "Changed";
    Public get "/privacy/request.json" requests::follow, "Where a request stands, with the link of its mail", "" => 200 "Followed";
    Public get "/privacy/certificate.json" requests::certificate, "The certificate of an erasure, with the link of its mail", "" => 200 "Certificate";
    Staff get "/v1/requests" requests::desk::list, "Requests, by the time that is left", "" => 200 "Standings";
    Staff post "/v1/requests" requests::desk::open, "Opens a request for somebody who wrote in; an application with its key, for whoever asked there", "WroteIn" => 201 "RequestOpened";
    Staff get "/v1/requests/{id}" requests::desk::read, "A request, whole", "" => 200 "RequestWorked";
    Staff post "/v1/requests/{id}/identify" requests::desk::identify, "Finds out who asks: by a code, by documents, or takes it up", "Known" => 200 "RequestOpened";
    Staff post "/v1/requests/{id}/extend" requests::desk::extend, "Takes longer, with a reason", "Why" => 200 "RequestOpened";
    Staff post "/v1/requests/{id}/refuse" requests::desk::refuse, "Refuses it, with a reason", "Why" => 200 "RequestOpened";
    Staff post "/v1/requests/{id}/answer" requests::desk::answer, "Does it, and answers", "RequestAnswer" => 200 "RequestOpened";
    Partner get "/v1/partner/deletions" partner::deletions, "What has to be deleted or put right", "" => 200 "Deletions";
    Public post "/v1/partner/deletions/{id}/done" partner::done, "It is done: with a partner's key, or signed by a connected system", "Done" => 200 "DeletionDone";
    Partner get "/v1/partner/transfers" transfer::waiting, "What was agreed to be sent to this recipient, and waits", "" => 200 "Transfers";
    Partner post "/v1/partner/transfers/{id}" transfer::fetch, "Fetches it, once", "" => 200 "TransferSent";
    Staff get "/v1/transfers" transfer::list, "What is sent to other regions, and waits or is done", "" => 200 "Transfers";
    Staff post "/v1/transfers" transfer::send, "Asks that something is sent; an application asks with its key", "TransferAsked" => 201 "TransferWaits";
    Staff get "/v1/transfers/{id}" transfer::read, "One of them", "" => 200 "Transfer";
    Public post "/v1/staff/session" staff::begin, "Signs in as a member of staff, with both factors", "StaffSignIn" => 200 "Member";
    Public get "/v1/push/key" push::key, "The key by which browsers know who sends them messages", "" => 200 "PushKey";
    Person put "/v1/me/push" push::put, "Lets a browser be written to", "PushSubscription" => 200 "Browsing";
    Person delete "/v1/me/push" push::delete, "Has a browser not written to any more", "PushEndpoint" => 200 "Browsing";
    Public get "/kept-sw.js" asset::worker, "Shows messages in the browser", "" => 200 "text/javascript";
    Public get "/kept-push.js" asset::push, "Switches messages on and off in the privacy centre", "" => 200 "text/javascript";
    Staff get "/v1/cessation" cessation::list, "Ends of products or of the service, newest first", "" => 200 "Endings";
    Staff post "/v1/cessation" cessation::plan, "Plans an end: what it would be, and whom it reaches", "EndingPlan" => 201 "Ending";
    Staff get "/v1/cessation/{id}" cessation::show, "One of them", "" => 200 "Ending";
    Staff post "/v1/cessation/{id}/announce" cessation::announce, "Announces it; another has to approve", "" => 200 "Ending";
    Staff post "/v1/cessation/{id}/approve" cessation::approve, "Approves it: everybody is told", "" => 200 "Ending";
    Staff post "/v1/cessation/{id}/cancel" cessation::cancel, "Calls it off, until the deletion begins", "" => 200 "Ending";
    Staff get "/v1/cessation/{id}/report" cessation::report, "The signed closing report", "" => 200 "text/plain";
    Staff get "/v1/staff/session" staff::show, "Who is signed in", "" => 200 "Member";
    Staff delete "/v1/staff/session" staff::end, "Signs out", "" => 204 "";
    Public get "/privacy/service.json" messages::service, "The share of messages answered in time", "" => 200 "Service";
    Browser post "/v1/messages" messages::leave, "Leaves a message or a complaint", "Message" => 201 "MessageLeft";
    Person get "/v1/me/messages" messages::mine, "One's own conversations", "" => 200 "Messages";
    Person get "/v1/me/messages/{id}" messages::one, "One of them", "" => 200 "Conversation";
    Person post "/v1/me/messages/{id}" messages::add, "Adds to it", "MessageText" => 200 "MessageAdded";
    Staff get "/v1/messages" messages::queue, "What waits for an answer, by the time that is left", "" => 200 "Desk";
    Staff get "/v1/messages/{id}" messages::read, "A conversation, while it is open", "" => 200 "DeskConversation";
    Staff post "/v1/messages/{id}/assign" messages::assign, "Gives it to a member of staff", "DeskAssign" => 200 "DeskDone";
    Staff post "/v1/messages/{id}/reply" messages::reply, "Answers by mail", "DeskReply" => 200 "DeskDone";
    Staff post "/v1/messages/{id}/note" messages::note, "A note for staff", "MessageText" => 200 "DeskDone";
    Staff post "/v1/messages/{id}/complaint" messages::complaint, "Makes a complaint of it, with that clock", "" => 200 "DeskDone";
    Staff post "/v1/messages/{id}/close" messages::close, "Ends it", "DeskClose" => 200 "DeskDone";
    Staff post "/v1/messages/{id}/outcome" messages::outcome, "What came of a complaint", "DeskOutcome" => 200 "DeskDone";
    Public post "/v1/mail" mail::take, "Mail that comes in, RFC 5322, with the secret of the configuration", "" => 200 "MailCame";
    Person post "/v1/me/guardian" guardian::invite, "Asks a guardian: by mail, or by a link that is answered", "GuardianAsked" => 201 "GuardianInvited";
    Public get "/v1/guardian/{token}" guardian::look, "What a guardian's link is about", "" => 200 "GuardianLink";
    Public post "/v1/guardian/{token}" guardian::answer, "A guardian agrees or refuses; without a code one is sent, and the answer is 202", "GuardianAnswer" => 200 "GuardianAnswered";
    Staff get "/v1/holds" holds::list, "Legal holds, those first that end soonest", "" => 200 "Holds";
    Staff post "/v1/holds" holds::place, "Asks for a hold; another officer has to approve", "HoldAsked" => 201 "HoldDone";
    Staff get "/v1/holds/{id}" holds::read, "One hold", "" => 200 "Hold";
    Staff post "/v1/holds/{id}/approve" holds::approve, "A second officer approves, and it stands", "" => 200 "HoldDone";
    Staff post "/v1/holds/{id}/refuse" holds::refuse, "Refuses one that waits", "" => 200 "HoldDone";
    Staff post "/v1/holds/{id}/lift" holds::lift, "Lifts one that stands", "" => 200 "HoldDone";
    Staff get "/v1/retention/anonymous" retention::counts, "What is left of values that were anonymised, in groups that are large enough", "" => 200 "Anonymous";
    Staff get "/v1/policy/versions" change::versions, "Every version, and those that wait for a second person", "" => 200 "Versions";
    Staff post "/v1/policy/versions" change::hand_in, "Hands in the next version; 202 where a second person has to agree", "PolicyDraft" => 201 "PolicyPlan";
    Staff get "/v1/policy/versions/{version}/draft" change::waiting, "A draft that waits for a second person, to be read", "" => 200 "PolicyWaiting";
    Staff post "/v1/policy/versions/{version}/approve" change::approve, "A second person agrees to the draft that they read, and it is published; 409 where another waits by now", "PolicyApproval" => 200 "PolicyPlan";
    Staff get "/v1/notices" change::notices, "The notices of versions, and how far they are", "" => 200 "Notices";
    Staff get "/v1/evidence" evidence::show, "Clause by clause: whether the program keeps it, and what is overdue under it", "" => 200 "Evidence";
    Staff get "/v1/backup" backup::show, "When the last backup was made, and when the next one is due", "" => 200 "Backups";
    Staff post "/v1/backup" backup::make, "Has a backup made now; the answer does not wait for it", "" => 202 "Backups";
    Key post "/v1/decide" key::decide, "Asks, and opens nothing", "Question" => 200 "Verdict";
    Key post "/v1/use" key::use_values, "Asks and gets", "Use" => 200 "Used";
    Key post "/v1/use/batch" key::use_batch, "Up to 1,000 uses, each decided alone", "Batch" => 200 "Results";
    Key put "/v1/people/{id}/data/{category}" key::put, "Stores a value", "Put" => 200 "Stored";
    Key post "/v1/people/find" key::find, "Finds by an exact value", "Find" => 200 "Found";
}

/// Everything that this server answers, and what stands before all of it. Clones are handles to the
/// same.
#[derive(Debug, Clone)]
pub(crate) struct Routes {
    app: App,
    table: TowerToHyperService<Router>,
}

impl Routes {
    pub(crate) fn new(app: App) -> Self {
        let table = table()
            .merge(page::routes())
            .merge(console::routes())
            .fallback(page::nothing)
            .method_not_allowed_fallback(async || Problem::wrong_method())
            .with_state(app.clone());
        // Settles the routes once instead of for each request.
        Self { table: TowerToHyperService::new(table.with_state(())), app }
    }

    /// Answers a request. Plain calls instead of layers: each layer would cost every request several
    /// allocations.
    pub(crate) async fn answer(self, request: Request) -> Response {
        let Self { app, table } = self;
        headers::put(&app, request, async |request| {
            guard::bound(&app, request, |request| table.call(request)).await
        })
        .await
    }
}
