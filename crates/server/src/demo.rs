//! The demonstration: a temporary installation with people, traffic and a sample site, and
//! everything printed that one needs to click.

mod desk;
mod people;
mod site;
mod staff;
mod traffic;

use std::fmt::Write as _;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flows::messages::Post;
use flows::messages::text::{Texts, Way};
use flows::security::{AddKey, KeyAdded, add_key};
use flows::{AskerKind, Database, Flows, RegionCode};
use policy::Folder;
use tokio::net::TcpListener;

use crate::clock::Clock;
use crate::{App, Limits, Running, Settings, start};

/// How the demonstration is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Where everything is kept; a temporary folder when nothing is said.
    pub dir: PathBuf,
    /// Where the server listens; any free port where this one is taken.
    pub listen: SocketAddr,
    /// Where the sample site listens; any free port where this one is taken.
    pub site: SocketAddr,
    /// How many people are there at the beginning.
    pub people: usize,
    /// Whether the clock may be moved.
    pub test_clock: bool,
    /// Where the rows are; a folder in the one above when nothing is said.
    pub database: Option<Database>,
}

impl Wanted {
    fn database(&self) -> Database {
        self.database.clone().unwrap_or_else(|| Database::Folder(self.dir.join("data")))
    }
}

/// A demonstration that runs.
#[derive(Debug)]
pub struct Demo {
    server: Running,
    site: site::Site,
    app: App,
    key: KeyAdded,
    staff: Arc<staff::Staff>,
    people: Vec<flows::PersonId>,
    wanted: Wanted,
}

/// Purposes that the application of the demonstration may name.
const PURPOSES: [&str; 6] =
    ["service", "support", "personalise", "advertise", "improve", "software"];

/// Starts it: the installation, the server, the site, the people.
///
/// # Errors
/// When a folder cannot be written or no port is free.
pub async fn begin(wanted: Wanted, folder: &Folder) -> io::Result<Demo> {
    let clock = Arc::new(Clock::wall());
    let listener = listen(wanted.listen).await?;
    let sites = listen(wanted.site).await?;
    let address = format!("http://{}", listener.local_addr()?);
    let site_address = format!("http://{}", sites.local_addr()?);
    std::fs::create_dir_all(&wanted.dir)?;
    let settings = flows::Settings {
        database: wanted.database(),
        keys: wanted.dir.join("root.key"),
        checkpoints: vec![wanted.dir.join("checkpoints")],
        origin: "demo.kept.example".to_owned(),
        address: address.clone(),
        post: Post::Folder(mails(&wanted.dir)),
    };
    let flows = Flows::open(settings, folder, clock.now()).await.map_err(io::Error::other)?;
    let way = Some(Way::Folder(texts(&wanted.dir)));
    flows.text_by(Texts { way, ..Texts::default() }).map_err(failed)?;
    let ask = AddKey {
        kind: AskerKind::App,
        name: "sample-shop".to_owned(),
        purposes: PURPOSES.iter().map(|it| (*it).to_owned()).collect(),
        source: None,
    };
    let key = add_key(&flows, ask, clock.now()).await.map_err(failed)?;
    let staff = Arc::new(staff::Staff::join(&flows, &clock).await?);
    let people = people::seed(&flows, (wanted.people, &mails(&wanted.dir)), clock.now()).await?;
    let settings = Settings {
        sites: vec![site_address],
        secure: false,
        test_clock: wanted.test_clock,
        proxies: Vec::new(),
        mails_shown: Some(mails(&wanted.dir)),
        limits: Limits::default(),
        desk: desk::desk(),
    };
    let app = App::new(flows, clock, settings).ok_or_else(|| io::Error::other("no randomness"))?;
    let server = start(app.clone(), listener)?;
    let site = site::Site::start(sites, &address, Arc::clone(&staff))?;
    Ok(Demo { server, site, app, key, staff, people, wanted })
}

fn mails(dir: &Path) -> PathBuf {
    dir.join("mail")
}

fn texts(dir: &Path) -> PathBuf {
    dir.join("text")
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` hands it over")]
fn failed(stop: flows::Stop) -> io::Error {
    io::Error::other(format!("{stop:?}"))
}

/// A listener there, or on any free port where that one is taken.
async fn listen(wanted: SocketAddr) -> io::Result<TcpListener> {
    match TcpListener::bind(wanted).await {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            TcpListener::bind(SocketAddr::new(wanted.ip(), 0)).await
        }
        bound => bound,
    }
}

impl Demo {
    /// The regions that it serves.
    pub fn regions(&self) -> Vec<RegionCode> {
        self.app.flows.regions().to_vec()
    }

    fn kept_in(&self) -> String {
        match self.wanted.database() {
            Database::Folder(dir) => dir.display().to_string(),
            Database::Shared(it) => format!("schema `{}` of the database", it.schema),
        }
    }

    /// What to click and what to type.
    pub fn says(&self) -> String {
        let base = format!("http://{}", self.server.address());
        let site = format!("http://{}", self.site.address());
        let key = self.key.secret.as_str();
        let person = self.people.first().map_or_else(String::new, ToString::to_string);
        let mut text = String::new();
        let mut lines = vec![
            ("sample site", format!("{site}/")),
            ("privacy policy", format!("{base}/privacy")),
            ("register", format!("{base}/register")),
            ("privacy centre", format!("{base}/me")),
            ("mail", format!("{base}/mail")),
            ("texts", texts(&self.wanted.dir).display().to_string()),
            ("data", self.kept_in()),
            ("application key", key.to_owned()),
            ("console", format!("{base}/console")),
            ("authenticator", format!("{site}/authenticator")),
        ];
        let staff = self.staff.lines();
        lines.extend(staff.iter().map(|(who, with)| (who.as_str(), with.clone())));
        text.push_str("\nEverything here is invented, and goes when you stop it.\n\n");
        for (label, value) in lines {
            // Writing to a string does not fail.
            writeln!(text, "  {label:<17}{value}").ok();
        }
        let use_email = |purpose: &str| {
            format!(
                "curl -s {base}/v1/use -H 'Authorization: Bearer {key}' -H 'Content-Type: \
                 application/json' -d '{{\"person\":\"{person}\",\"purpose\":\"{purpose}\",\
                 \"categories\":[\"email\"]}}'"
            )
        };
        let (service, advertise) = (use_email("service"), use_email("advertise"));
        writeln!(
            text,
            "\nThe application uses an email address for the service, and is refused it for \
             advertising:\n\n  {service}\n\n  {advertise}\n\nThe policy that decided, for \
             machines:\n\n  curl -s {base}/privacy.json\n\nStop with Ctrl-C."
        )
        .ok();
        text
    }

    /// Runs traffic until `stopped` ends, then ends gently.
    ///
    /// # Errors
    /// When the listener failed.
    pub async fn run(self, stopped: impl Future<Output = ()>) -> io::Result<()> {
        let traffic = traffic::flow(&self.app, &self.key, &self.people);
        tokio::select! {
            () = stopped => {}
            () = traffic => {}
        }
        self.site.stop();
        self.server.stop().await
    }
}
