use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey as Verifying};
use decide::RegionCode;

use super::*;
use crate::Roots;

fn decoded(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// RFC 8291, section 5 and appendix A.
#[test]
fn the_example_of_the_standard_comes_out() {
    let to = Subscriber::parse(
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
    )
    .unwrap();
    let key = decoded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
    let key = PrivateKey::from_private_key(&ECDH_P256, &key).unwrap();
    let salt = decoded("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
    let plain = b"When I grow up, I want to be a watermelon";
    let sealed = seal(&to, (&key, salt), plain, 0).unwrap();
    let expected = concat!(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_",
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    );
    assert_eq!(URL_SAFE_NO_PAD.encode(sealed), expected);
}

#[test]
fn what_is_no_subscriber_is_not_taken() {
    let point =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    let auth = "BTBZMqHH6r4Tts7J_aSIgg";
    assert!(Subscriber::parse(point, auth).is_some());
    assert!(Subscriber::parse(point, &format!("{auth}==")).is_some());
    // No point of the curve, too short, no text of this kind.
    let off = format!("{}A", point.strip_suffix('4').unwrap());
    for (point, auth) in
        [(off.as_str(), auth), (point.trim_end_matches("Aiw4"), auth), (point, "BTBZ"), ("?", "?")]
    {
        assert!(Subscriber::parse(point, auth).is_none(), "{point} {auth}");
    }
}

#[test]
fn a_token_is_signed_by_the_key_that_browsers_know() {
    let region = RegionCode::new("cn").unwrap();
    let vault = Vault::new(Roots::fresh(&[region]).unwrap());
    let point = decoded(&vault.push_key().unwrap());
    assert_eq!((point.len(), point[0]), (POINT, 4));
    assert_eq!(vault.push_key().unwrap(), vault.push_key().unwrap());
    let token = vault.push_token(br#"{"aud":"https://push.example.com"}"#).unwrap();
    let (said, signed) = token.rsplit_once('.').unwrap();
    let (head, claims) = said.split_once('.').unwrap();
    assert_eq!(decoded(head), HEAD);
    assert_eq!(decoded(claims), br#"{"aud":"https://push.example.com"}"#);
    let verifying = Verifying::new(&ECDSA_P256_SHA256_FIXED, &point);
    verifying.verify(said.as_bytes(), &decoded(signed)).unwrap();
    let other = Vault::new(Roots::fresh(&[region]).unwrap());
    assert_ne!(vault.push_key().unwrap(), other.push_key().unwrap());
}

#[test]
fn the_length_of_a_message_says_nothing() {
    let region = RegionCode::new("cn").unwrap();
    let vault = Vault::new(Roots::fresh(&[region]).unwrap());
    let key = PrivateKey::generate(&ECDH_P256).unwrap();
    let to = Subscriber { point: point(&key).unwrap(), auth: [7; AUTH] };
    let short = vault.seal_push(&to, b"ends").unwrap();
    let long = vault.seal_push(&to, &[b'x'; 400]).unwrap();
    assert_eq!(short.len(), long.len());
    assert_ne!(short[..16], vault.seal_push(&to, b"ends").unwrap()[..16], "each has its own salt");
    assert!(vault.seal_push(&to, &[0; PUSH_MAX]).unwrap().len() <= 4_096);
    assert!(vault.seal_push(&to, &[0; PUSH_MAX + 1]).is_err());
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_of_subscribers_panic(
        point in "[A-Za-z0-9_=-]{0,120}", auth in "\\PC{0,60}",
        at in 0_usize..87, put in "[A-Za-z0-9_-]",
    ) {
        proptest::prop_assert!(Subscriber::parse(&point, &auth).is_none());
        let good =
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
        let mut near = good.to_owned();
        near.replace_range(at..=at, &put);
        // Of what lies beside it, nothing is on the curve.
        let near_one = Subscriber::parse(&near, "BTBZMqHH6r4Tts7J_aSIgg");
        proptest::prop_assert!(near_one.is_none() || near == good);
        proptest::prop_assert!(Subscriber::parse(good, &auth).is_none());
    }
}
