//! Messages to browsers: sealed for the browser alone (RFC 8291, in the coding of RFC 8188), with a
//! token that says who sends (RFC 8292). The push service in between carries both and reads neither.

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::encoding::{AsBigEndian as _, EcPrivateKeyBin};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::cipher::Key;
use crate::{Fault, Vault, random};

/// Bytes of a point on the curve, uncompressed.
pub const POINT: usize = 65;
/// Bytes of the secret that a browser shares with whoever it lets write.
pub const AUTH: usize = 16;
/// Bytes of a message, at most: what every push service carries is one record of 4,096.
pub const PUSH_MAX: usize = 3_072;

/// The size of a record; there is one.
const RECORD: u32 = 4_096;
/// A message is filled up to a multiple of this, so that its length says nothing.
const FILLED_TO: usize = 512;
/// Stands behind the text of the last record.
const LAST: u8 = 2;
/// The head of every token: `{"typ":"JWT","alg":"ES256"}`.
const HEAD: &[u8] = br#"{"typ":"JWT","alg":"ES256"}"#;

/// Whom a message is for: what the browser made for us.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Subscriber {
    /// Its public key.
    pub point: [u8; POINT],
    /// The secret that it shares with us.
    pub auth: [u8; AUTH],
}

impl std::fmt::Debug for Subscriber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Subscriber(‹sealed›)")
    }
}

impl Subscriber {
    /// From what a browser hands over: both in base64url, with or without padding.
    pub fn parse(point: &str, auth: &str) -> Option<Self> {
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
        let point: [u8; POINT] = bytes(point)?.try_into().ok()?;
        let auth: [u8; AUTH] = bytes(auth)?.try_into().ok()?;
        // A point that is none is found out now, not when there is something to say.
        let probe = PrivateKey::generate(&ECDH_P256).ok()?;
        let peer = UnparsedPublicKey::new(&ECDH_P256, &point);
        agree(&probe, peer, (), |_| Ok(())).ok()?;
        Some(Self { point, auth })
    }
}

impl Vault {
    /// The public key by which browsers know us, in base64url.
    ///
    /// # Errors
    /// When the library refuses the key.
    pub fn push_key(&self) -> Result<String, Fault> {
        Ok(URL_SAFE_NO_PAD.encode(point(&self.sender()?)?))
    }

    /// A token that says who sends: these claims, signed.
    ///
    /// # Errors
    /// When the library refuses the key.
    pub fn push_token(&self, claims: &[u8]) -> Result<String, Fault> {
        let key = self.sender()?;
        let secret: EcPrivateKeyBin<'_> = key.as_be_bytes().map_err(|_| Fault::Library)?;
        let pair = EcdsaKeyPair::from_private_key_and_public_key(
            &ECDSA_P256_SHA256_FIXED_SIGNING,
            secret.as_ref(),
            &point(&key)?,
        )
        .map_err(|_| Fault::Library)?;
        let [head, claims] = [HEAD, claims].map(|it| URL_SAFE_NO_PAD.encode(it));
        let said = format!("{head}.{claims}");
        let signed =
            pair.sign(&SystemRandom::new(), said.as_bytes()).map_err(|_| Fault::Library)?;
        Ok(format!("{said}.{}", URL_SAFE_NO_PAD.encode(signed.as_ref())))
    }

    /// Seals a message for a browser. Nobody opens it but that browser, we neither.
    ///
    /// # Errors
    /// When it is longer than `PUSH_MAX`, or the generator fails.
    pub fn seal_push(&self, to: &Subscriber, plain: &[u8]) -> Result<Vec<u8>, Fault> {
        if plain.len() > PUSH_MAX {
            return Err(Fault::Library);
        }
        let key = PrivateKey::generate(&ECDH_P256).map_err(|_| Fault::Library)?;
        let filled = plain.len().saturating_add(1).next_multiple_of(FILLED_TO);
        seal(to, (&key, random::array()?), plain, filled)
    }

    /// Our key follows from the one that every key file has. A number of 256 bits is nearly always a
    /// key of the curve; where it is none, the next one is.
    fn sender(&self) -> Result<PrivateKey, Fault> {
        for counter in 0_u8..8 {
            let seed: Key = self.roots.push(counter);
            if let Ok(key) = PrivateKey::from_private_key(&ECDH_P256, seed.bytes()) {
                return Ok(key);
            }
        }
        Err(Fault::Library)
    }
}

fn point(key: &PrivateKey) -> Result<[u8; POINT], Fault> {
    let public = key.compute_public_key().map_err(|_| Fault::Library)?;
    public.as_ref().try_into().map_err(|_| Fault::Library)
}

/// The message in the coding `aes128gcm`: salt, size of a record, our point, one sealed record.
fn seal(
    to: &Subscriber,
    (key, salt): (&PrivateKey, [u8; 16]),
    plain: &[u8],
    filled: usize,
) -> Result<Vec<u8>, Fault> {
    let ours = point(key)?;
    let said = [b"WebPush: info\0".as_slice(), &to.point, &ours].concat();
    let peer = UnparsedPublicKey::new(&ECDH_P256, &to.point);
    let shared = agree(key, peer, Fault::Library, |secret| {
        derive::<32>(&Salt::new(HKDF_SHA256, &to.auth).extract(secret), &said)
    })?;
    let prk = Salt::new(HKDF_SHA256, &salt).extract(shared.as_slice());
    let content = derive::<16>(&prk, b"Content-Encoding: aes128gcm\0")?;
    let nonce = derive::<NONCE_LEN>(&prk, b"Content-Encoding: nonce\0")?;
    let mut text = Zeroizing::new(plain.to_vec());
    text.push(LAST);
    let length = text.len().max(filled);
    text.resize(length, 0);
    let cipher = UnboundKey::new(&AES_128_GCM, content.as_slice()).map_err(|_| Fault::Library)?;
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let tag = LessSafeKey::new(cipher)
        .seal_in_place_separate_tag(nonce, Aad::empty(), &mut text)
        .map_err(|_| Fault::Library)?;
    let length = u8::try_from(POINT).map_err(|_| Fault::Library)?;
    let head = [salt.as_slice(), &RECORD.to_be_bytes(), &[length], &ours].concat();
    Ok([head.as_slice(), text.as_slice(), tag.as_ref()].concat())
}

/// So many bytes of key.
struct Bytes(usize);

impl KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

fn derive<const N: usize>(prk: &Prk, info: &[u8]) -> Result<Zeroizing<[u8; N]>, Fault> {
    let mut out = Zeroizing::new([0; N]);
    let info = [info];
    let okm = prk.expand(&info, Bytes(N)).map_err(|_| Fault::Library)?;
    okm.fill(out.as_mut_slice()).map_err(|_| Fault::Library)?;
    Ok(out)
}

#[cfg(test)]
mod tests;
