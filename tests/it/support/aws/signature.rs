//! Signature version 4, recomputed.

use super::http::{Request, decoded};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// What a request says about who signed it, and for what.
pub(super) struct Signed {
    pub(super) access_key: String,
    pub(super) day: String,
    pub(super) region: String,
    pub(super) service: String,
    headers: Vec<String>,
    signature: String,
}

impl Signed {
    /// Reads the header; nothing if there is none, or it is malformed.
    pub(super) fn read(request: &Request) -> Option<Self> {
        let rest = request.header("authorization").strip_prefix("AWS4-HMAC-SHA256 ")?;
        let part =
            |name: &str| rest.split(',').find_map(|part| part.trim().strip_prefix(name)).map(str::to_owned);
        let credential = part("Credential=")?;
        let mut scope = credential.split('/');
        let mut next = || scope.next().map(str::to_owned);
        let own = Self {
            access_key: next()?,
            day: next()?,
            region: next()?,
            service: next()?,
            headers: part("SignedHeaders=")?.split(';').map(str::to_owned).collect(),
            signature: part("Signature=")?,
        };
        (next()? == "aws4_request").then_some(own)
    }

    /// Tells what is wrong with the signature, if anything.
    pub(super) fn fault(&self, request: &Request, secret: &str) -> Option<String> {
        let time = request.header("x-amz-date");
        if !time.starts_with(&self.day) {
            return Some(format!("signed for {}, sent at {time}", self.day));
        }
        for needed in ["host", "x-amz-date"] {
            if !self.headers.iter().any(|own| own == needed) {
                return Some(format!("{needed} is not signed"));
            }
        }
        let unsigned =
            request.headers.keys().find(|name| name.starts_with("x-amz-") && !self.headers.contains(name));
        if let Some(name) = unsigned {
            return Some(format!("{name} is not signed"));
        }
        let hash = hex(&Sha256::digest(&request.body));
        let said = request.header("x-amz-content-sha256");
        if !said.is_empty() && said != hash && said != "UNSIGNED-PAYLOAD" {
            return Some("the body has another hash".to_owned());
        }
        let payload = if said.is_empty() { &hash } else { said };
        let canonical = self.canonical(request, payload);
        let to_sign = format!(
            "AWS4-HMAC-SHA256\n{time}\n{}/{}/{}/aws4_request\n{}",
            self.day,
            self.region,
            self.service,
            hex(&Sha256::digest(canonical.as_bytes()))
        );
        let mut key = mac(format!("AWS4{secret}").as_bytes(), self.day.as_bytes());
        for part in [&self.region, &self.service, "aws4_request"] {
            key = mac(&key, part.as_bytes());
        }
        let own = hex(&mac(&key, to_sign.as_bytes()));
        (own != self.signature).then(|| format!("the signature does not match\n{canonical}"))
    }

    fn canonical(&self, request: &Request, payload: &str) -> String {
        // S3 takes the path as it is; the others encode it once more.
        let path = if self.service == "s3" { request.path.clone() } else { encoded(&request.path, true) };
        let mut pairs: Vec<(String, String)> = request
            .query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (encoded(&decoded(name), false), encoded(&decoded(value), false)))
            .collect();
        pairs.sort();
        let query: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        let headers: Vec<String> = self
            .headers
            .iter()
            .map(|name| {
                let value: Vec<&str> = request.header(name).split_whitespace().collect();
                format!("{name}:{}\n", value.join(" "))
            })
            .collect();
        let names = self.headers.join(";");
        format!("{}\n{path}\n{}\n{}\n{names}\n{payload}", request.method, query.join("&"), headers.concat())
    }
}

fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}

pub(super) fn encoded(text: &str, keep_slash: bool) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            b'/' if keep_slash => "/".to_owned(),
            other => format!("%{other:02X}"),
        })
        .collect()
}
