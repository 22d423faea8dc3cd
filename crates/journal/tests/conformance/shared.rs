//! Databases for the other engine: one for each test, on a server that the environment names.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use journal::*;

use crate::world::{Store, cn, eu};

/// The other engine, in a database that goes with the test, on the server that `KEPT_TEST_DSN` names.
pub(crate) struct Postgres {
    dir: tempfile::TempDir,
    name: String,
    databases: Databases,
}

/// Where the server is: `cargo xtask test` starts one and says so.
#[expect(clippy::disallowed_methods, reason = "where the tests' server is")]
pub(crate) fn server() -> String {
    std::env::var("KEPT_TEST_DSN").expect(
        "these tests need a PostgreSQL server: run them with `cargo xtask test`, \
         or name one in KEPT_TEST_DSN, as in postgres://postgres@127.0.0.1:5432/postgres",
    )
}

/// A client of that server, for a database of it.
pub(crate) async fn client(database: &str) -> tokio_postgres::Client {
    let mut config: tokio_postgres::Config = server().parse().unwrap();
    config.dbname(database);
    let (client, connection) = config.connect(tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

impl Postgres {
    /// With settings for every connection, as a URL gives them.
    pub(crate) async fn with(settings: &str) -> Self {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let name = format!("kept_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        let made = format!("CREATE DATABASE {name}");
        client("postgres").await.batch_execute(&made).await.unwrap();
        let mut url = url::Url::parse(&server()).unwrap();
        url.set_path(&name);
        url.set_query(Some(&format!("options={settings}")));
        let kept = Reach { url: url.to_string(), authorities: None, connections: 4 };
        // The lease is over at once: whoever opens next takes it, as after a crash.
        let databases = Databases { lease_millis: 0, ..Databases::of(kept, "kept".to_owned()) };
        Self { dir: tempfile::tempdir().unwrap(), name, databases }
    }

    /// The database of this test.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn databases(&self) -> &Databases {
        &self.databases
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                client("postgres").await.batch_execute(&drop).await.unwrap();
            });
        });
        thread.join().unwrap();
    }
}

impl Store for Postgres {
    async fn new() -> Self {
        Self::with("").await
    }

    fn config(&self) -> Config {
        Config {
            database: Database::Shared(Box::new(self.databases.clone())),
            regions: vec![cn(), eu()],
            outside: vec![self.dir.path().join("outside")],
        }
    }

    fn dir(&self) -> &Path {
        self.dir.path()
    }
}

/// The same, with the strictest isolation that there is, as other engines with this protocol have it.
pub(crate) struct Serializable(Postgres);

impl Store for Serializable {
    async fn new() -> Self {
        Self(Postgres::with("-c%20default_transaction_isolation=serializable").await)
    }

    fn config(&self) -> Config {
        self.0.config()
    }

    fn dir(&self) -> &Path {
        self.0.dir()
    }
}
