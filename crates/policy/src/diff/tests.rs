use super::sense::class;
use super::*;

fn of(kind: Kind, field: &str, old: &str, new: &str) -> Class {
    class(kind, field, (Some(old), Some(new)))
}

#[test]
fn each_field_knows_its_direction() {
    use Class::{Narrowing, Neutral, Widening};
    let cases = [
        (Kind::Purpose, "uses", "email", "email, phone", Widening),
        (Kind::Purpose, "uses", "email, phone", "email", Narrowing),
        (Kind::Purpose, "uses", "email, phone", "email, name", Widening),
        (Kind::Purpose, "basis", "consent", "legitimate-interest", Widening),
        (Kind::Purpose, "regions.eu.default", "given", "refused", Narrowing),
        (Kind::Purpose, "signals.gpc", "refuse", "ignore", Widening),
        (Kind::Keep, "for", "30 days", "2 months", Widening),
        (Kind::Keep, "for", "1 year", "30 days", Narrowing),
        (Kind::Cookie, "lifetime", "session", "1 day", Widening),
        (Kind::Right, "within.cn", "15 working days", "10 working days", Narrowing),
        (Kind::Change, "notice", "30 days", "7 days", Widening),
        (Kind::Share, "min_group", "20", "5", Widening),
        (Kind::Share, "consent", "purpose", "separate", Narrowing),
        (Kind::Category, "precision", "1000 m", "100 m", Widening),
        (Kind::Recipient, "agreement", "true", "false", Widening),
        (Kind::Transfer, "to", "eu", "us", Widening),
        (Kind::Minors, "guardian_below.eu", "16", "13", Widening),
        (Kind::Category, "clause", "a", "b", Neutral),
    ];
    for (kind, field, old, new, wanted) in cases {
        assert_eq!(of(kind, field, old, new), wanted, "{}.{field}", kind.word());
    }
}
