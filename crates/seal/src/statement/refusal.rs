//! Why a statement is refused: one name a rule, the same in every language.

macro_rules! refusals {
    ($($(#[doc = $doc:literal])* $name:ident = $code:literal,)*) => {
        /// Why a statement is refused. The codes are part of the protocol: both implementations
        /// give the same one for the same history.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
        pub enum Refusal {
            $($(#[doc = $doc])* #[error($code)] $name,)*
        }

        impl Refusal {
            /// Every refusal.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stable name, in kebab-case.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// One sentence about the rule that was broken.
            pub const fn explanation(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc,)*).trim_ascii(),)* }
            }
        }
    };
}

refusals! {
    /// The envelope or body is not in the one spelling and form of its kind.
    Malformed = "malformed",
    /// The payload type names no kind of this protocol.
    UnknownKind = "unknown-kind",
    /// The key hint differs from the signer in the body.
    WrongKeyHint = "wrong-key-hint",
    /// The signer is no certificate (for `enrol`: no invite) admitted before.
    UnknownSigner = "unknown-signer",
    /// A signature does not verify.
    BadSignature = "bad-signature",
    /// The statement belongs to another agency, or the root key is not that of the realm.
    WrongRealm = "wrong-realm",
    /// The statement, or the id it gives to something new, is there already.
    Repeated = "repeated",
    /// Nothing but `agency` may come first.
    NoAgency = "no-agency",
    /// A statement it names was not admitted before.
    MissingStatement = "missing-statement",
    /// A statement it names is of another kind than its place asks for.
    WrongKind = "wrong-kind",
    /// A certificate or invite it rests on was revoked or replaced.
    Revoked = "revoked",
    /// A certificate or invite it rests on was past its `until` when it was to be logged.
    Expired = "expired",
    /// Its signer has not the role, or not the role in this team, or is not the member concerned.
    NotEntitled = "not-entitled",
    /// Two steps that want two persons are signed by one.
    SamePerson = "same-person",
    /// It does not complete, or cannot complete, the first half it names.
    WrongChain = "wrong-chain",
    /// Its number or the version before it is not the next.
    WrongVersion = "wrong-version",
    /// The archive key is not the agency's.
    WrongArchive = "wrong-archive",
    /// The enrolment was for another membership, arrangement, role or kind of person.
    WrongInvite = "wrong-invite",
    /// The invite was used before.
    InviteUsed = "invite-used",
    /// The keys are not those enrolled.
    WrongKeys = "wrong-keys",
    /// The keys or the enrolment belong to another person or membership already.
    KeyTaken = "key-taken",
    /// The staff id belongs to another person already.
    WrongPerson = "wrong-person",
    /// The membership has a certificate in force: only a replacement can follow.
    AlreadyCertified = "already-certified",
    /// A certificate it names is not the one in force for that membership and arrangement.
    WrongCertificate = "wrong-certificate",
    /// The arrangement is not known, or it is not the one the rest of the statement belongs to.
    WrongArrangement = "wrong-arrangement",
    /// It rests on a version of the arrangement that governs no more.
    StaleArrangement = "stale-arrangement",
    /// The member is not in this version of the arrangement with this certificate.
    NotAMember = "not-a-member",
    /// The author may not write.
    NoWriteRight = "no-write-right",
    /// An addressee is not a reader on another side.
    WrongReader = "wrong-reader",
    /// The author is not the signer's membership, or not the one of the revision before.
    WrongAuthor = "wrong-author",
    /// The team is not the one that checks the arrangement.
    WrongTeam = "wrong-team",
    /// The epoch is not the team's current one.
    StaleEpoch = "stale-epoch",
    /// The revision does not follow the head revision of its letter.
    WrongRevision = "wrong-revision",
    /// A new revision may only follow a final `change`.
    RevisionNotAsked = "revision-not-asked",
    /// The letter key was used before.
    KeyReused = "key-reused",
    /// The letter was taken back.
    Withdrawn = "withdrawn",
    /// The revision is not the head of its letter.
    NotHead = "not-head",
    /// A decision was made before it could be taken back.
    AlreadyDecided = "already-decided",
    /// The decision chain is final; only another look opens it again.
    AlreadyFinal = "already-final",
    /// The step or the prior does not continue, close or reopen the decision chain.
    WrongStep = "wrong-step",
    /// The grants are not exactly those of the online addressees, on the final `deliver`.
    WrongGrants = "wrong-grants",
    /// An attachment is for nobody it may be for at this step.
    WrongAttachment = "wrong-attachment",
    /// The subject is not one that such a message may be about.
    WrongSubject = "wrong-subject",
    /// It has no place in the log, and is not the reader's own.
    NotLogged = "not-logged",
    /// Its place in the log is not after those of the statements before it.
    WrongPlace = "wrong-place",
    /// The statements at their places are not in the tree of the checkpoint.
    NotInLog = "not-in-log",
    /// The agency's newest statement is not there, or is older than one that was seen before.
    OlderAgency = "older-agency",
    /// The checkpoint is older than one that was seen before.
    OlderLog = "older-log",
    /// The log is not the one that was seen before, grown: something in it was changed.
    OtherLog = "other-log",
    /// The letter was not given to this membership by a final decision: nothing can be given back.
    NotDelivered = "not-delivered",
}
