// Written by api_types.js from crates/mediation/openapi.json. Never by hand.

export type Account = {
  readonly account: string;
  readonly bundle?: Bundle | null;
  /** The newest version of the gate key. Words hardened by an older one should be sealed anew. */
  readonly gate_version: number;
  /** Lowercase hex; absent while the account is new. */
  readonly proof_key?: string | null;
  /** Those in use, oldest first. */
  readonly wraps: readonly WrapView[];
};

/** The agency, as everybody sees it. */
export type Agency = {
  readonly agency: string;
  /**
   * Where its families go, `https://host[:port]`: for the address and the QR code on printed
   * sheets. Null when their site is not served here.
   */
  readonly family_origin?: string | null;
  /** The newest `agency` statement's id. */
  readonly id: string;
  readonly name: string;
  /** Its own rules, with the national defaults where it has none. */
  readonly policy: Readonly<Record<string, unknown>>;
  readonly realm: string;
  /** The root public key, lowercase hex. */
  readonly root: string;
  /** The newest `agency` statement. */
  readonly statement: Envelope;
};

/** An arrangement, in short. */
export type Arrangement = {
  readonly arrangement: string;
  readonly n: number;
  readonly next_review_on?: string | null;
  /** How many persons must agree to deliver. */
  readonly reviewers: number;
  /** `draft`, `active`, `paused` or `ended`. */
  readonly state: string;
  /** The governing version. */
  readonly statement: string;
  readonly team: string;
};

export type ArrangementMember = {
  /** Null while on paper. */
  readonly certificate?: string | null;
  readonly membership: string;
  readonly read: boolean;
  /** `a` to `f`. */
  readonly side: string;
  readonly write: boolean;
};

/** Somebody who asks. */
export type AskingForWords = {
  readonly account: string;
  readonly asked_at: string;
  /** Their places; for a team those in its own arrangements. */
  readonly memberships: readonly MemberPlace[];
  /** The member of staff this account is; null for families. */
  readonly staff?: string | null;
};

export type AttachedFiles = {
  readonly archive_grant: Base64;
  readonly grant?: Base64 | null;
  readonly kind: string;
  readonly membership?: string | null;
  readonly review_grant: Base64;
  readonly sealed: Base64;
};

/** A small sealed letter by staff. */
export type Attachment = {
  readonly ciphertext: Base64;
  /** The decision it came with. */
  readonly decision: string;
  /** Its key, sealed to the one who asks (for staff: to the epoch). */
  readonly grant: Base64;
  /** `comment`, `note` or `team`. */
  readonly kind: string;
};

/** Bytes, as padded standard base64 in JSON. */
export type Base64 = string;

export type Bundle = {
  readonly sealed: Base64;
  /** One more than the bundle it replaces. */
  readonly version: number;
};

export type BundleVersion = {
  /** The version now in place. */
  readonly version: number;
};

export type CardFile = {
  readonly membership: string;
  readonly sealed: Base64;
};

/** A statement that certifies an enrolment, or half of one. */
export type Certifying = {
  /**
   * Whether somebody has signed its end: of the first half of new keys, whoever still has the
   * old ones.
   */
  readonly ended: boolean;
  /**
   * Whether it is a certificate in force. One of staff that is logged and not in force is a
   * first half, or has ended.
   */
  readonly in_force: boolean;
  /** When it was judged; null while it waits. */
  readonly judged_at?: string | null;
  /** Whether it says that staff saw the person face to face. */
  readonly met: boolean;
  readonly statement: string;
  /** `waiting`, `logged` or `quarantined`. */
  readonly verdict: string;
};

export type Challenge = {
  /** 32 bytes to sign with the account's proof key, as the protocol words it. */
  readonly challenge: Base64;
};

/** A signed tree head. */
export type Checkpoint = {
  /** The C2SP signed note. */
  readonly note: string;
  /** The root hash, lowercase hex. */
  readonly root: string;
  readonly size: number;
};

/** Who holds a letter. */
export type Claim = {
  readonly claimed_at: string;
  /** When it lapses unless renewed. */
  readonly lapses_at: string;
  /** Their first name; null until it was given. */
  readonly name?: string | null;
  readonly staff: string;
};

/** The path from one tree to a later one. */
export type Consistency = {
  readonly from: Checkpoint;
  /** RFC 6962, section 2.1.2. */
  readonly path: readonly Base64[];
  readonly to: Checkpoint;
};

/** A contact point, without its content. */
export type Contact = {
  /** `email`, `text` or `post`. */
  readonly channel: string;
  readonly failed_at?: string | null;
  readonly membership: string;
  readonly n: number;
  /** `waiting`, `in_use`, `replaced`, `failing` or `quarantined`. */
  readonly state: string;
  readonly statement: string;
};

export type Created = {
  readonly account: string;
  /** The ids of the wraps, in the order they were sent. */
  readonly wraps: readonly string[];
};

export type CreatedAgency = {
  readonly agency: string;
  /**
   * SHA-256 of the root key: the operator pins it in the configuration of the worker and the
   * notifier.
   */
  readonly realm: string;
};

export type CreatedInvite = {
  readonly expires_at: string;
  /** The locator. */
  readonly invite: string;
  readonly statement: string;
};

export type CreatedTeam = {
  readonly team: string;
};

export type CreatedVersion = {
  readonly arrangement: string;
  readonly statement: string;
};

/** The final decision. */
export type Decided = {
  readonly at: string;
  /** The first name of who decided; null until it was given. */
  readonly name?: string | null;
  /** `deliver`, `change` or `keep`. */
  readonly outcome: string;
  readonly reason: string;
  readonly role: string;
  readonly statement: string;
};

/** A decision on a letter. */
export type Decision = {
  readonly at: string;
  /** Their first name; null until it was given. */
  readonly name?: string | null;
  readonly outcome: string;
  readonly reason: string;
  readonly role: string;
  readonly staff: string;
  readonly statement: string;
  readonly step: number;
  /** The revision decided on. */
  readonly submit: string;
  /** `waiting`, `counted`, `final` or `quarantined`. */
  readonly verdict: string;
};

/** A draft. */
export type Draft = {
  /** The letter it is to become. */
  readonly letter: string;
  readonly saved_at: string;
  /** Nonce, then AES-256-GCM, as the protocol says. */
  readonly sealed: Base64;
  readonly version: number;
};

export type Enrolment = {
  readonly envelope: Envelope;
  readonly statement: string;
};

/** An envelope on its way out, field by field as it came in. */
export type Envelope = {
  /** The exact signed bytes, base64. */
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly Signature[];
};

export type Epoch = {
  readonly envelope: Envelope;
  readonly n: number;
  readonly previous?: Base64 | null;
  /** What letters of its time were sealed to. */
  readonly review_key: string;
  /** The `epoch` statement's id. */
  readonly statement: string;
  readonly wrap?: Base64 | null;
};

export type Evaluated = {
  /** The answer: a ristretto255 element, 32 bytes. */
  readonly evaluated: Base64;
  /** The version that answered. */
  readonly version: number;
};

/** Everybody with a staff certificate in force. */
export type Everybody = {
  /** The certificates and all they rest on. */
  readonly proof: Proof;
  readonly staff: readonly Staff[];
};

/** The first of the two statements. */
export type FirstReseal = {
  readonly at: string;
  /** Their first name; null until it was given. */
  readonly name?: string | null;
  readonly staff: string;
  readonly statement: string;
};

/** An invitation, as whoever holds its code sees it. */
export type FoundInvite = {
  readonly expires_at: string;
  /** The invitation and all it rests on: the code itself authenticates the root. */
  readonly proof: Proof;
  readonly role: string;
};

/** What the root signed, and that the operator let it be brought. */
export type FromRoot = {
  /** As the root signed it. */
  readonly statement: Envelope;
  /** The operator's bootstrap token. */
  readonly token: string;
};

export type GrantFile = {
  readonly membership: string;
  readonly sealed: Base64;
};

export type HandedIn = {
  /** By when it is to be checked, once the agency has it on its desk. */
  readonly due_on?: string | null;
  readonly letter: string;
  readonly state: string;
  /** The revision. */
  readonly statement: string;
};

/** The path of one statement through the tree. */
export type Inclusion = {
  readonly checkpoint: Checkpoint;
  readonly index: number;
  /** RFC 6962, section 2.1.1: the hashes beside the way up, from the leaf. */
  readonly path: readonly Base64[];
  /** The salt of the leaf, lowercase hex. */
  readonly salt: string;
};

/** An invitation, as staff follow it. */
export type Invite = {
  readonly arrangement?: string | null;
  readonly card?: Base64 | null;
  /** What was signed to certify the enrolment, oldest first. */
  readonly certificates: readonly Certifying[];
  readonly enrol?: Enrolment | null;
  readonly expires_at: string;
  readonly invite: string;
  readonly made_at: string;
  readonly membership?: string | null;
  readonly role: string;
  readonly statement: string;
  /** `made`, `joined` (waiting to be certified), `certified` or `run_out`. */
  readonly status: string;
  readonly used_at?: string | null;
};

/** The root's invitation was taken. */
export type Invited = {
  /** Who works here: whoever comes back stays the person they were, and so is never two who agree. */
  readonly everybody: Everybody;
  /** The invitation's statement. */
  readonly statement: string;
};

/** A letter in somebody's letterbox. */
export type Letter = {
  readonly arrangement: string;
  readonly author: string;
  /** Whether its writer may still take it back: nobody has claimed it for checking. */
  readonly can_withdraw: boolean;
  /** Length of the sealed letter in bytes: one of five. */
  readonly ct_len: number;
  readonly decided?: Decided | null;
  /** `sent` or `received`. */
  readonly direction: string;
  readonly due_on?: string | null;
  /**
   * Whether its key is sealed to the caller's keys of today: false after new keys, until the
   * letter was given back.
   */
  readonly is_readable: boolean;
  readonly letter: string;
  readonly receipt?: Receipt | null;
  readonly released_at?: string | null;
  readonly rev: number;
  /**
   * `with_agency`, `being_checked`, `needs_change`, `passing_on`, `passed_on`, `kept`, `withdrawn`
   * or `send_again`: it came too late for a change, and the same revision is to be sent again.
   */
  readonly state: string;
  /** The `submit` statement of the revision. */
  readonly statement: string;
  readonly submitted_at: string;
};

/** The key that the operator wants the log to have. */
export type LogKey = {
  /** Ed25519, lowercase hex. It is the log's already unless the operator has made a new one. */
  readonly log_key: string;
  readonly waiting?: Envelope | null;
};

/** What holds the statements of a proof in the log, all at once. */
export type Logged = {
  /** The hashes that the places, and the tree that was seen, leave open, base64. */
  readonly hashes: string;
  /** The newest checkpoint, a C2SP signed note. */
  readonly note: string;
  /** One a statement, in their order; null while it is not logged. */
  readonly places: readonly (Place | null)[];
};

/** Form of the provider's request. */
export type LogoutForm = {
  /** The signed logout token. */
  readonly logout_token: string;
};

/** A letter that somebody had, or wrote, and cannot open with their new keys. */
export type LostLetter = {
  /** Whether a second person has agreed, and the worker has yet to judge it. */
  readonly agreed: boolean;
  /** The new certificate. */
  readonly certificate: string;
  readonly decided_at: string;
  /** Its final decision. */
  readonly decision: string;
  /** `received` or `sent`, as seen by whoever it is given back to. */
  readonly direction: string;
  readonly first?: FirstReseal | null;
  readonly letter: string;
  /** The `submit` statement of the revision. */
  readonly statement: string;
  /** The team that it is sealed to: whoever agrees opens it with that team's key. */
  readonly team: string;
};

/** A place in an arrangement. */
export type MemberPlace = {
  readonly arrangement: string;
  readonly membership: string;
};

/** A message to the team. */
export type Message = {
  /** `worry`, `look`, `plan` or `help`. */
  readonly about: string;
  readonly answered_at?: string | null;
  readonly arrangement: string;
  readonly ciphertext?: Base64 | null;
  readonly grant?: Base64 | null;
  readonly membership: string;
  readonly message: string;
  readonly received_at: string;
  readonly statement: string;
  /** The statement it is about. */
  readonly subject?: string | null;
};

/** An arrangement that one team offers to another. */
export type Move = {
  readonly arrangement: string;
  /** The team that has it now. */
  readonly from: string;
  readonly offered_at: string;
  /** The first half of its next version. */
  readonly statement: string;
  /** The team it is offered to. */
  readonly to: string;
};

export type NewAccount = {
  /** The first key bundle. */
  readonly bundle: Base64;
  /** Ed25519 public key, lowercase hex: its signature over a challenge proves the keys were opened. */
  readonly proof_key: string;
  /** 1. */
  readonly version: number;
  /** At least one that is not a device's. */
  readonly wraps: readonly WrapBody[];
};

export type NewAgency = {
  /** The agency's name. */
  readonly name: string;
  /** The root public key, lowercase hex. */
  readonly root: string;
  /** `agency`, `invite`, `enrol` and `staff`, in this order. */
  readonly statements: readonly Envelope[];
  /** The operator's one-time token. */
  readonly token: string;
};

export type NewContactBody = {
  /** The sealed contact file. */
  readonly sealed: Base64;
  /** The `contact` statement. */
  readonly statement: Envelope;
};

export type NewDecisionBody = {
  /** The files its `attached` name, in the same order. */
  readonly attached?: readonly AttachedFiles[];
  /** The files its `grants` name. */
  readonly grants?: readonly GrantFile[];
  /** Why, a word of the list: `fits-plan`, `contact-details` and so on. */
  readonly reason: string;
  /** The `decision` statement. */
  readonly statement: Envelope;
};

export type NewDraft = {
  readonly sealed: Base64;
  /** 1 for a new draft, otherwise one more than the version it was written on. */
  readonly version: number;
};

export type NewEnrolment = {
  /** The `enrol` statement. */
  readonly statement: Envelope;
};

export type NewEpochBody = {
  /** The secret, sealed to the archive. */
  readonly archive: Base64;
  readonly previous?: Base64 | null;
  /** The `epoch` statement. */
  readonly statement: Envelope;
  /** The secret, sealed to each member of staff of the team. */
  readonly wraps: readonly WrapFile[];
};

export type NewInviteBody = {
  readonly card?: Base64 | null;
  /** The `invite` statement. */
  readonly statement: Envelope;
};

export type NewLetter = {
  /** The sealed letter. */
  readonly ciphertext: Base64;
  readonly grants: NewLetterGrants;
  /** The `submit` statement. */
  readonly statement: Envelope;
};

export type NewLetterGrants = {
  /** The same, sealed to the archive. */
  readonly archive: Base64;
  /** The letter key, sealed to the team's newest epoch. */
  readonly epoch: Base64;
  /** The same, sealed to the writer. */
  readonly self: Base64;
};

export type NewMember = {
  readonly card?: Base64 | null;
  /** The `member` statement. */
  readonly statement: Envelope;
};

export type NewMessageBody = {
  /** The same, sealed to the archive. */
  readonly archive_grant: Base64;
  /** The sealed message. */
  readonly ciphertext: Base64;
  /** Its key, sealed to the team's newest epoch. */
  readonly grant: Base64;
  /** The `message` statement. */
  readonly statement: Envelope;
};

export type NewReceiptBody = {
  /** The `receipt` statement. */
  readonly statement: Envelope;
};

export type NewResealBody = {
  readonly grant?: Base64 | null;
  /** The `reseal` statement: the first, or one that agrees with it. */
  readonly statement: Envelope;
};

/** A statement that stands by itself. */
export type NewStatementBody = {
  /** As it was signed. */
  readonly statement: Envelope;
};

export type NewTeam = {
  readonly name: string;
};

export type NewVersion = {
  /** Cards of people on paper, who have none from an invitation. */
  readonly cards?: readonly CardFile[];
  /** The sealed notes. */
  readonly notes: Base64;
  /** The sealed plan. */
  readonly plan: Base64;
  /** The `arrangement` statement. */
  readonly statement: Envelope;
};

export type NewWrapId = {
  readonly wrap: string;
};

export type NewestEpoch = {
  readonly n: number;
  /** What letters to the team are sealed to. */
  readonly review_key: string;
  readonly statement: string;
};

export type Objection = {
  /** A `revoke` whose target is the first half. */
  readonly statement: Envelope;
};

export type OpenLetter = {
  readonly why: Why;
};

/** A letter opened by staff: all a checker's browser needs. */
export type OpenedLetter = {
  readonly arrangement: string;
  /** What colleagues attached to earlier steps, with grants to the epoch. */
  readonly attachments: readonly Attachment[];
  readonly ciphertext?: Base64 | null;
  readonly grant?: Base64 | null;
  readonly letter: string;
  readonly proof: Proof;
  /** The `submit` statement of the newest revision. */
  readonly statement: string;
};

/** One opening of a letter by staff. */
export type Opening = {
  readonly at: string;
  readonly letter: string;
  /** Their first name; null until it was given. */
  readonly name?: string | null;
  readonly opening: string;
  readonly role: string;
  readonly staff: string;
  /** The revision that was opened. */
  readonly submit: string;
  readonly why: string;
};

/** A statement's place in the log. */
export type Place = {
  /** Its leaf, from 0. */
  readonly index: number;
  /** The salt of the leaf, lowercase hex. */
  readonly salt: string;
};

/** A problem as it travels. */
export type Problem = Readonly<Record<string, unknown>> & {
  /** A stable kebab-case code for programs. */
  readonly code: string;
  /** A sentence for the person. */
  readonly detail: string;
  /** The HTTP status. */
  readonly status: number;
  /** The status in words. */
  readonly title: string;
  /** `/problems/<code>`. */
  readonly type: string;
};

/** Everything a reader needs to see for themselves, oldest first. */
export type Proof = {
  readonly log?: Logged | null;
  /** The root public key, lowercase hex. */
  readonly root: string;
  readonly statements: readonly Envelope[];
};

/** Letters that one person would give back, by the place they would go to. */
export type ProposedReseals = {
  readonly arrangement: string;
  /** How many. */
  readonly letters: number;
  readonly membership: string;
  /** Since when the first of them has waited. */
  readonly since: string;
};

/** A statement that did not verify, or the newest revision of a letter that was stopped. */
export type Quarantined = {
  readonly envelope: Envelope;
  /** `submit`, `decision` and so on. */
  readonly kind: string;
  /** The failed check, a code of the protocol; null for a letter stopped by something else. */
  readonly reason?: string | null;
  readonly received_at: string;
  readonly statement: string;
};

export type Question = {
  /** The blinded words: a ristretto255 element, 32 bytes. */
  readonly blinded: Base64;
  /** The wrap's gate version; the newest when absent, for a new wrap. */
  readonly version?: number | null;
};

/** A reader's answer. */
export type Receipt = {
  readonly at: string;
  /** Whose answer it is. */
  readonly membership: string;
  /** `thanks` or `will-write`. */
  readonly phrase: string;
  /** The `receipt` statement; for the writer it is in the letter's proof. */
  readonly statement: string;
};

export type Renewal = {
  /** The locator of the new code; without it, back to an account that was begun before. */
  readonly invite?: string | null;
};

export type Renewed = {
  /** The account that this session now belongs to. */
  readonly account: string;
};

/** The first half of what would end a certificate of the caller's. */
export type Replacement = {
  readonly at: string;
  readonly envelope: Envelope;
  /** The `member` statement. */
  readonly statement: string;
};

/** What is in place now. */
export type SavedDraft = {
  readonly saved_at: string;
  readonly version: number;
};

export type SentMessage = {
  readonly message: string;
  readonly statement: string;
};

/** Who is signed in here, and what they may act as. */
export type Session = {
  readonly account: string;
  readonly agency: string;
  readonly audience: string;
  readonly certificates: readonly SessionCertificate[];
  /** Whether the account has no keys yet. */
  readonly new: boolean;
  /** Whether the keys still have to be opened in this session. */
  readonly restricted: boolean;
};

export type SessionCertificate = {
  readonly arrangement?: string | null;
  readonly certificate: string;
  /** `staff` or `member`. */
  readonly kind: string;
  readonly membership?: string | null;
  readonly roles: readonly string[];
  readonly staff?: string | null;
  readonly teams: readonly string[];
};

/** What the first administrator's browser needs for the `agency` statement. */
export type Setup = {
  readonly agency: string;
  /** The moderation worker's Ed25519 public key, lowercase hex. */
  readonly log_key: string;
  /** The notification service's recipient. */
  readonly notifier_key: string;
};

export type Signature = {
  readonly keyid: string;
  readonly sig: string;
};

export type SignedChallenge = {
  /** The Ed25519 signature over the challenge, 64 bytes. */
  readonly signature: Base64;
};

export type Staff = {
  /** Their first name as families see it; null until it was given. */
  readonly name?: string | null;
  readonly person: string;
  readonly roles: readonly string[];
  readonly staff: string;
  /** The certificate: its `staff` statement is in the proof. */
  readonly statement: string;
  readonly teams: readonly string[];
};

export type StaffName = {
  /** 1 to 40 characters; white space around it is left out. */
  readonly name: string;
};

/** A statement, and what became of it. */
export type Statement = {
  readonly envelope: Envelope;
  /** Its place in the log. */
  readonly log_index?: number | null;
  /** The failed check, for leads. */
  readonly reason?: string | null;
  readonly statement: string;
  /** `waiting`, `logged` or `quarantined`. */
  readonly verdict: string;
};

/** What a stored statement is called. */
export type Stored = {
  /** The statement's id. */
  readonly statement: string;
};

export type StoredDecision = {
  readonly letter: string;
  /** The decision. */
  readonly statement: string;
  /** `waiting`: the worker has yet to judge it. */
  readonly verdict: string;
};

export type Team = {
  /** The newest epoch's statement; null before the first. */
  readonly epoch?: string | null;
  /**
   * Since when somebody who held that key has left the team or lost theirs: a lead makes a new
   * one the same day. Null when none is due.
   */
  readonly key_due_since?: string | null;
  readonly name: string;
  readonly team: string;
};

/** An enrolment that waits to be certified. */
export type WaitingEnrolment = {
  readonly arrangement?: string | null;
  /**
   * From when new keys in the place of others count, once two people have certified them: there is
   * nothing left to read out. Null before, and once the old keys have objected.
   */
  readonly counts_from?: string | null;
  readonly envelope: Envelope;
  /** The place offered; both null for staff. */
  readonly membership?: string | null;
  /** The role offered. */
  readonly role: string;
  /** The `enrol` statement: its eight digits are read out on the telephone. */
  readonly statement: string;
};

/** A letter on the desk of a team. Metadata only. */
export type WaitingLetter = {
  /** Their first name; null until it was given. */
  readonly allocated_name?: string | null;
  readonly allocated_to?: string | null;
  readonly arrangement: string;
  readonly claim?: Claim | null;
  /** Length of the sealed letter in bytes: one of five. */
  readonly ct_len: number;
  readonly due_on?: string | null;
  readonly letter: string;
  readonly rev: number;
  /** `with_agency` or `being_checked`. */
  readonly state: string;
  /** The `submit` statement of the revision to be checked. */
  readonly statement: string;
  /** Steps taken on this revision. */
  readonly steps: number;
  readonly submitted_at: string;
  readonly team: string;
};

/** An arrangement, with everything its reader may open. */
export type WholeArrangement = Arrangement & {
  /** The newest sealed card about each person; staff only. */
  readonly cards: readonly CardFile[];
  readonly epoch?: NewestEpoch | null;
  readonly members: readonly ArrangementMember[];
  readonly notes?: Base64 | null;
  readonly plan?: Base64 | null;
  /** The governing version, the epoch, the caller's certificates, and all they rest on. */
  readonly proof: Proof;
};

/** A letter with its sealed parts. */
export type WholeLetter = Letter & {
  readonly attachments: readonly Attachment[];
  readonly ciphertext?: Base64 | null;
  readonly grant?: Base64 | null;
};

/** An offer, with what whoever takes it opens first and sends again. */
export type WholeMove = Move & {
  /** The sealed notes. */
  readonly notes: Base64;
  /** The sealed plan. */
  readonly plan: Base64;
  /** The first half, the caller's certificates, and all they rest on. */
  readonly proof: Proof;
};

/** Why staff open a letter; shown to its writer and readers. */
export type Why = "check" | "second-decision" | "another-look" | "sample" | "worry" | "reseal";

export type Withdrawal = {
  /** The `withdraw` statement. */
  readonly statement: Envelope;
};

export type WordsRequest = {
  readonly asked_at: string;
};

export type WrapBody = {
  /** For `words`: the version of the gate key that hardened them. */
  readonly gate_version?: number | null;
  readonly kind: string;
  readonly sealed: Base64;
};

export type WrapFile = {
  readonly sealed: Base64;
  readonly staff: string;
};

export type WrapView = {
  readonly gate_version?: number | null;
  readonly kind: string;
  readonly sealed: Base64;
  readonly wrap: string;
};
