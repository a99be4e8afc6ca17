use super::*;

#[test]
fn a_body_is_read_back_as_it_was_written() {
    let realm = Realm::from_bytes([0; 32]);
    let withdraw = Withdraw {
        letter: LetterId::from_bytes([0x22; 16]),
        submit_id: StatementId::from_bytes([0x33; 32]),
    };
    let statement = Statement::new(realm, Some(StatementId::from_bytes([0x11; 32])), withdraw);
    let bytes = statement.to_bytes();
    assert_eq!(
        String::from_utf8_lossy(&bytes),
        format!(
            r#"{{"v":1,"realm":"{}","signer":"{}","letter":"{}","submit_id":"{}"}}"#,
            "0".repeat(64),
            "1".repeat(64),
            "2".repeat(32),
            "3".repeat(64)
        )
    );
    assert_eq!(Statement::parse(Kind::Withdraw, &bytes), Ok(statement));
}
