use super::*;
use crate::Roots;

fn vault() -> Vault {
    let region = decide::RegionCode::new("cn").unwrap();
    Vault::new(Roots::fresh(&[region]).unwrap())
}

#[test]
fn it_opens_for_its_owner_under_its_label_alone() {
    let vault = vault();
    let sealed = vault.seal_own("totp", "stf_a", b"a secret").unwrap();
    assert_eq!(&vault.open_own("totp", "stf_a", &sealed).unwrap()[..], b"a secret");
    assert!(vault.open_own("totp", "stf_b", &sealed).is_err());
    assert!(vault.open_own("tot", "pstf_a", &sealed).is_err());
    let other = self::vault();
    assert!(other.open_own("totp", "stf_a", &sealed).is_err(), "other root keys");
    let seen = sealed.as_bytes();
    assert!(!seen.windows(8).any(|it| it == b"a secret"));
}

#[test]
fn what_is_cut_or_of_another_version_does_not_open() {
    let vault = vault();
    let sealed = vault.seal_own("totp", "stf_a", b"a secret").unwrap();
    for length in 0..sealed.as_bytes().len() {
        let cut = Sealed::from_cipher(sealed.as_bytes()[..length].to_vec());
        assert!(vault.open_own("totp", "stf_a", &cut).is_err(), "{length}");
    }
    let mut other = sealed.as_bytes().to_vec();
    other[0] = 2;
    assert!(vault.open_own("totp", "stf_a", &Sealed::from_cipher(other)).is_err());
}
