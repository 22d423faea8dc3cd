//! The description of the interface.

use crate::Reply;

/// `/openapi.json`.
pub(crate) async fn show() -> Reply {
    Reply::public(&serde_json::json!({}))
}
