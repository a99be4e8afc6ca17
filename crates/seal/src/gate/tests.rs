use super::*;
use crate::random::System;

fn words() -> Words {
    Words::from_typed("abacus abdomen abdominal abide").expect("words")
}

#[test]
fn the_output_depends_on_the_words_and_the_key_and_not_on_the_blinding() {
    let key = GateKey::generate(1, &mut System);
    let output = |key: &GateKey, words: &Words| {
        let request = Request::new(words, &mut System).expect("blinds");
        request.finish(&key.evaluate(request.blinded()).expect("evaluates")).expect("finishes")
    };
    let first = output(&key, &words());
    assert_eq!(output(&key, &words()), first);
    assert_ne!(output(&key, &Words::from_typed("abacus").expect("words")), first);
    assert_ne!(output(&GateKey::generate(2, &mut System), &words()), first);
    let again = GateKey::from_bytes(1, &key.to_bytes()).expect("a key");
    assert_eq!(output(&again, &words()), first);
}

#[test]
fn what_is_no_element_or_key_is_refused() {
    let key = GateKey::generate(1, &mut System);
    let request = Request::new(&words(), &mut System).expect("blinds");
    for bytes in [[0; 32], [0xff; 32], [1; 32]] {
        assert_eq!(key.evaluate(&bytes), Err(GateError::Element));
        assert_eq!(request.finish(&bytes), Err(GateError::Element));
    }
    for bytes in [[0; 32], [0xff; 32]] {
        assert_eq!(GateKey::from_bytes(1, &bytes).err(), Some(GateError::Key));
    }
}

/// A generator that gives the blind of a vector: voprf takes 32 or 64 bytes of it as a scalar.
struct Fixed([u8; 32]);

impl rand_core::TryRng for Fixed {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(0)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(0)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        bytes.fill(0);
        bytes[..32].copy_from_slice(&self.0);
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Fixed {}

#[derive(serde::Deserialize)]
struct Vector {
    input: String,
    blind: String,
    blinded: String,
    evaluated: String,
    output: String,
}

#[derive(serde::Deserialize)]
struct Vectors {
    key: String,
    vectors: Vec<Vector>,
}

fn bytes<const N: usize>(text: &str) -> [u8; N] {
    hex::decode(text).expect("hex").try_into().expect("of this length")
}

#[test]
fn the_vectors_of_rfc_9497_are_reproduced() {
    let text = include_str!("../../../../tests/vectors/rfc9497/ristretto255-sha512-oprf.json");
    let vectors: Vectors = serde_json::from_str(text).expect("the vectors");
    let key = GateKey::from_bytes(1, &bytes(&vectors.key)).expect("a key");
    for vector in vectors.vectors {
        // Straight on the library: the inputs of the vectors are no words.
        let input = hex::decode(&vector.input).expect("hex");
        let mut rng = Fixed(bytes(&vector.blind));
        let result =
            OprfClient::<Ristretto255>::blind(&input, &mut Generation06(&mut rng)).expect("blinds");
        let blinded: Element = result.message.serialize().into();
        assert_eq!(blinded, bytes::<32>(&vector.blinded));
        let evaluated = key.evaluate(&blinded).expect("evaluates");
        assert_eq!(evaluated, bytes::<32>(&vector.evaluated));
        let element = EvaluationElement::deserialize(&evaluated).expect("an element");
        let output: [u8; 64] = result.state.finalize(&input, &element).expect("finishes").into();
        assert_eq!(output, bytes::<64>(&vector.output));
    }
}
