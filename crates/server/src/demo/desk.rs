//! The desk of the demonstration: a manager who is called, and answers that are at hand.

use flows::messages::{Canned, Desk};

pub(super) fn desk() -> Desk {
    let canned = |id: &str, title: &str, en: &str, zh: &str| Canned {
        id: id.to_owned(),
        title: title.to_owned(),
        text: [("en", en), ("zh", zh)].map(|(code, it)| (code.to_owned(), it.to_owned())).into(),
    };
    Desk {
        managers: vec!["manager@example.com".to_owned()],
        answers: vec![
            canned(
                "model",
                "Which machine is it?",
                "Thank you for writing. Which machine is it? Its number stands on the plate below.",
                "感谢来信。请问是哪一款机器？编号在底部铭牌上。",
            ),
            canned(
                "received",
                "We look into it",
                "Thank you for writing. We look into it and come back to you.",
                "感谢来信。我们正在核实，随后答复您。",
            ),
        ],
        ..Desk::default()
    }
}
