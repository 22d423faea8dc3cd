//! The policy's machine-readable twin, with the key of this installation's log beside it.

use crate::Flows;
use crate::answer::Json;

/// The twin of the policy in force, in a language.
pub fn twin(flows: &Flows, language: &str) -> Json {
    let book = flows.book();
    let mut twin = policy::notice::twin(book.policy(), book.language(language));
    if let Some(fields) = twin.as_object_mut() {
        fields.insert("rules".to_owned(), serde_json::json!(book.policy().rules()));
        fields.insert("log_key".to_owned(), flows.log_key().into());
    }
    Json(twin)
}
