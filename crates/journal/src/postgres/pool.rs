//! Connections to one schema of a database: made as they are needed, bounded, found again after the
//! leading server moved to another host.

use std::fs;
use std::path::PathBuf;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{
    Manager, ManagerConfig, Object, PoolError, RecyclingMethod, Runtime, Timeouts,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::TargetSessionAttrs;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::fault::{Fault, OpenFault};
use crate::limit::{
    CONNECT_MILLIS, CONNECTIONS_MIN, LOCK_WAIT_MILLIS, POOL_WAIT_MILLIS, POOL_WAITING_MAX,
    STATEMENT_MILLIS,
};

/// How a database is reached.
#[derive(Clone)]
pub struct Reach {
    /// `postgres://…`, several hosts and all settings included.
    pub url: String,
    /// The certificates of whoever signs for the servers; the public ones where none are given.
    pub authorities: Option<PathBuf>,
    /// Connections that this process holds to each region.
    pub connections: usize,
}

impl std::fmt::Debug for Reach {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The address holds a password.
        write!(f, "Reach(‹sealed›, {} connections)", self.connections)
    }
}

/// Letters of a schema's name, as the server counts them.
const NAME_MAX: usize = 63;

/// The connections to one schema. Clones are handles to the same.
#[derive(Clone)]
pub(crate) struct Pool {
    inner: deadpool_postgres::Pool,
    schema: String,
    waiting: Arc<tokio::sync::Semaphore>,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pool({})", self.schema)
    }
}

impl Pool {
    /// Prepares to connect; nothing is sent yet.
    pub(crate) fn new(reach: &Reach, schema: &str) -> Result<Self, OpenFault> {
        let failed = |why: String| OpenFault::Reach { why };
        let plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
        if schema.is_empty() || schema.len() > NAME_MAX || !schema.chars().all(plain) {
            let say = format!("name a schema with small letters, digits and `_`, not `{schema}`");
            return Err(failed(say));
        }
        let mut config =
            tokio_postgres::Config::from_str(&reach.url).map_err(|it| failed(cause(&it)))?;
        let given = config.get_options().unwrap_or_default();
        let options = format!(
            "{given} -c search_path={schema} -c statement_timeout={STATEMENT_MILLIS} \
             -c lock_timeout={LOCK_WAIT_MILLIS} -c idle_in_transaction_session_timeout={STATEMENT_MILLIS} \
             -c client_min_messages=warning"
        );
        config.options(options.trim());
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        config.connect_timeout(Duration::from_millis(CONNECT_MILLIS));
        config.tcp_user_timeout(Duration::from_millis(STATEMENT_MILLIS));
        config.keepalives_idle(Duration::from_millis(CONNECT_MILLIS));
        if config.get_application_name().is_none() {
            config.application_name("kept");
        }
        let tls = MakeRustlsConnect::new(trust(reach)?);
        let manager = Manager::from_config(
            config,
            tls,
            ManagerConfig { recycling_method: RecyclingMethod::Fast },
        );
        let wait = Some(Duration::from_millis(POOL_WAIT_MILLIS));
        let inner = deadpool_postgres::Pool::builder(manager)
            .max_size(reach.connections.max(CONNECTIONS_MIN))
            .timeouts(Timeouts { wait, create: wait, recycle: wait })
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|it| failed(it.to_string()))?;
        let waiting = Arc::new(tokio::sync::Semaphore::new(POOL_WAITING_MAX));
        Ok(Self { inner, schema: schema.to_owned(), waiting })
    }

    /// The schema.
    pub(crate) fn schema(&self) -> &str {
        &self.schema
    }

    /// A connection of one's own, given back when it is dropped.
    pub(crate) async fn client(&self) -> Result<Object, Fault> {
        // Whoever finds too many waiting is told to come again, and does not wait with them.
        let _place = self.waiting.try_acquire().map_err(|_| Fault::Busy)?;
        self.inner.get().await.map_err(|error| match error {
            PoolError::Timeout(deadpool_postgres::TimeoutType::Wait) => Fault::Busy,
            PoolError::Backend(error) => Fault::Unreachable(cause(&error)),
            PoolError::Timeout(_) => Fault::Unreachable("connecting took too long".to_owned()),
            PoolError::Closed => Fault::Unreachable("the connections were closed".to_owned()),
            PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
                Fault::broken("connections are not set up")
            }
        })
    }
}

/// Whom to believe that a server is who it says.
fn trust(reach: &Reach) -> Result<ClientConfig, OpenFault> {
    let failed = |why: String| OpenFault::Reach { why };
    let mut roots = RootCertStore::empty();
    match &reach.authorities {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(path) => {
            let bytes =
                fs::read(path).map_err(|error| OpenFault::Io { path: path.clone(), error })?;
            for certificate in CertificateDer::pem_slice_iter(&bytes) {
                let certificate = certificate
                    .map_err(|_| failed(format!("`{}` holds no certificates", path.display())))?;
                roots.add(certificate).map_err(|it| failed(it.to_string()))?;
            }
        }
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|it| failed(it.to_string()))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// The whole of why, in one line: the engine's outermost message says little. It names codes, columns
/// and hosts, and never a bound value.
pub(crate) fn cause(error: &tokio_postgres::Error) -> String {
    if let Some(told) = error.as_db_error() {
        return format!("{} ({})", told.message(), told.code().code());
    }
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}
