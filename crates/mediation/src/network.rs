//! Where a request comes from, as limits count it: by network, under a key.
//!
//! An address is personal data. It is used while a request is answered and never stored: what the
//! database counts is a keyed hash of the address's network and the agency, which nobody without
//! the gate's key can trace back or compare, and which is forgotten two days after its window.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use domain::id::AgencyId;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::state::AppState;

/// Where proxies write down whom they speak for.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address at the other end of a request's connection; set by the listener.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// Addresses that begin alike, as `10.0.0.0/8`, `2001:db8::/32`, or one address by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network {
    base: IpAddr,
    bits: u8,
}

impl Network {
    /// The network of an address in which so many bits are the same.
    fn of(address: IpAddr, bits: u8) -> Self {
        let base = match address.to_canonical() {
            IpAddr::V4(v4) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(bits.min(32))).unwrap_or(0);
                Ipv4Addr::from_bits(v4.to_bits() & mask).into()
            }
            IpAddr::V6(v6) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(bits.min(128))).unwrap_or(0);
                Ipv6Addr::from_bits(v6.to_bits() & mask).into()
            }
        };
        Self { base, bits }
    }

    fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.base.is_ipv4() == address.is_ipv4() && Self::of(address, self.bits) == *self
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text} is not a network such as 10.0.0.0/8");
        let (base, bits) = match text.split_once('/') {
            Some((base, bits)) => (base, Some(bits.parse::<u8>().map_err(|_| wrong())?)),
            None => (text, None),
        };
        let base: IpAddr = base.parse().map_err(|_| wrong())?;
        let most = if base.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        let network = Self::of(base, bits);
        // A base with more bits than are counted is a slip, and so is an empty prefix: it would
        // believe whatever anybody writes.
        if bits == 0 || bits > most || network.base != base { Err(wrong()) } else { Ok(network) }
    }
}

impl TryFrom<String> for Network {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// Who asks, as the limits of a handler take it.
#[derive(Clone, Copy, Debug)]
pub struct Caller(IpAddr);

impl Caller {
    /// What a limit is counted under: the caller's /24 or /64.
    pub(crate) fn network(self, state: &AppState) -> String {
        state.service().networks.subject(state.agency(), self.0)
    }

    /// The same for the whole address, where it is one of IPv4.
    pub(crate) fn address(self, state: &AppState) -> String {
        state.service().networks.narrow_subject(state.agency(), self.0)
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        // Without a listener, as in a test, everybody is one caller: never an uncounted one.
        let peer = parts.extensions.get().map_or(Ipv4Addr::UNSPECIFIED.into(), |Peer(ip)| *ip);
        Ok(Self(caller(&parts.headers, peer, &state.service().trusted_proxies)))
    }
}

/// Who asks: the connection's own end, or whom the trusted proxies say they speak for. What
/// somebody else wrote into the header first is never believed.
pub fn caller(headers: &HeaderMap, peer: IpAddr, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address| trusted.iter().any(|network| network.contains(address));
    let named: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .flat_map(|line| line.to_str().unwrap_or("?").split(','))
        .collect();
    let mut caller = peer;
    for name in named.iter().rev() {
        if !is_trusted(caller) {
            break;
        }
        let Ok(address) = name.trim().parse() else { break };
        caller = address;
    }
    caller.to_canonical()
}

/// The key under which networks are hashed: 32 bytes of its own, derived from the gate's seed,
/// which stands outside the database and is the same for every process and every start.
pub struct NetworkKey([u8; 32]);

impl NetworkKey {
    /// Derives it.
    pub fn derive(seed: &[u8; 32]) -> Self {
        Self(Sha256::new().chain_update(b"postern-network/1").chain_update(seed).finalize().into())
    }

    /// What a limit is counted under: the caller's /24 or /64, for one agency.
    pub fn subject(&self, agency: AgencyId, caller: IpAddr) -> String {
        let bits = if caller.is_ipv4() { 24 } else { 64 };
        self.hash(agency, Network::of(caller, bits))
    }

    /// The same for the whole of an IPv4 address. One of IPv6 is nobody's for long: its /64 is.
    pub fn narrow_subject(&self, agency: AgencyId, caller: IpAddr) -> String {
        let bits = if caller.is_ipv4() { 32 } else { 64 };
        self.hash(agency, Network::of(caller, bits))
    }

    fn hash(&self, agency: AgencyId, network: Network) -> String {
        // Each part has a length of its own, so a plain hash is a keyed one here.
        let bytes = match network.base {
            IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
            IpAddr::V6(v6) => v6.octets(),
        };
        let hash = Sha256::new()
            .chain_update(self.0)
            .chain_update(agency.as_bytes())
            .chain_update([network.bits])
            .chain_update(bytes)
            .finalize();
        format!("network:{}", hex::encode(&hash[..16]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn headers(lines: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, line.parse().expect("a value"));
        }
        headers
    }

    #[test]
    fn a_network_is_written_as_operators_write_it() {
        for good in ["10.0.0.0/8", "127.0.0.1", "2001:db8::/32", "::1"] {
            assert!(good.parse::<Network>().is_ok(), "{good}");
        }
        for bad in ["", "10.0.0.1/8", "10.0.0.0/33", "0.0.0.0/0", "::/0", "proxy", "10.0.0.0/"] {
            assert!(bad.parse::<Network>().is_err(), "{bad}");
        }
    }

    #[test]
    fn without_a_trusted_proxy_the_connection_says_who_asks() {
        let claimed = headers(&["203.0.113.9"]);
        assert_eq!(caller(&claimed, ip("198.51.100.7"), &[]), ip("198.51.100.7"));
    }

    #[test]
    fn a_proxy_is_believed_about_its_own_caller_and_nobody_about_more() {
        let trusted = ["10.0.0.0/8".parse().expect("a network")];
        let ask = |lines: &[&'static str]| caller(&headers(lines), ip("10.0.0.1"), &trusted);
        assert_eq!(ask(&["203.0.113.9"]), ip("203.0.113.9"));
        // A caller's own invention stands before what the proxy wrote.
        assert_eq!(ask(&["192.0.2.1, 203.0.113.9"]), ip("203.0.113.9"));
        assert_eq!(ask(&["192.0.2.1", "203.0.113.9"]), ip("203.0.113.9"));
        assert_eq!(ask(&["203.0.113.9, 10.0.0.2"]), ip("203.0.113.9"));
        assert_eq!(ask(&["::ffff:203.0.113.9"]), ip("203.0.113.9"));
        // Nothing readable: the proxy itself is counted.
        assert_eq!(ask(&[]), ip("10.0.0.1"));
        assert_eq!(ask(&["203.0.113.9, unknown"]), ip("10.0.0.1"));
        let outside = caller(&headers(&["203.0.113.9"]), ip("198.51.100.7"), &trusted);
        assert_eq!(outside, ip("198.51.100.7"));
    }

    #[test]
    fn neighbours_are_counted_together_and_agencies_apart() {
        let key = NetworkKey::derive(&[1; 32]);
        let (one, two) = (AgencyId::from_bytes([1; 16]), AgencyId::from_bytes([2; 16]));
        let subject = |address| key.subject(one, ip(address));
        assert_eq!(subject("203.0.113.9"), subject("203.0.113.200"));
        assert_ne!(subject("203.0.113.9"), subject("203.0.114.9"));
        assert_eq!(subject("2001:db8::1"), subject("2001:db8::ffff:1"));
        assert_ne!(subject("2001:db8::1"), subject("2001:db8:0:1::1"));
        assert_ne!(subject("203.0.113.9"), key.subject(two, ip("203.0.113.9")));
        assert_ne!(
            subject("203.0.113.9"),
            NetworkKey::derive(&[2; 32]).subject(one, ip("203.0.113.9"))
        );
        let narrow = |address| key.narrow_subject(one, ip(address));
        assert_ne!(narrow("203.0.113.9"), narrow("203.0.113.200"));
        assert!(!subject("203.0.113.9").contains("203.0.113"), "no address is kept");
    }
}
