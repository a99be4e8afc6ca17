/** Arrangements as staff keep them: making, inviting and certifying, plan and notes. */

import { listAll, post } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import {
  base64,
  type Body,
  type DocumentHead,
  FAMILY_ROLES,
  type Fields,
  hash,
  idOf,
  newId,
  sealDocument,
} from "../seal/index.ts";
import { cardsOf, type OpenedArrangement, teamOpener } from "./arrangement_files.ts";
import { type Card, parseTeamNotes, type TeamNotes } from "./card.ts";
import { Missing } from "./errors.ts";
import { parsePlan, type Plan } from "./plan.ts";
import { ledgerOf } from "./proofs.ts";
import { makeSheet, type Sheet } from "./sheets.ts";
import { enrolledWith } from "./staffing.ts";
import { pin, type Standing, standing, type TeamKey, teamKey } from "./standing.ts";
import { trust } from "./statements.ts";
import { newestTeamKey } from "./teams.ts";

export { WrongDigits } from "./errors.ts";
export type { OpenedArrangement } from "./arrangement_files.ts";
export type { Sheet } from "./sheets.ts";

export type ArrangementInShort = Api.Arrangement;
export type FamilyRole = (typeof FAMILY_ROLES)[number];
type Members = Body<"arrangement">["members"];

/** A person's place in a new arrangement, on paper until they join. */
export interface NewPlace {
  readonly membership: string;
  readonly side: string;
  readonly role: FamilyRole;
}

/** An invitation as staff follow it. */
export interface FollowedInvite {
  /** The locator. */
  readonly invite: string;
  readonly statement: string;
  readonly role: string;
  readonly membership: string | null;
  readonly arrangement: string | null;
  /** `made`, `joined`, `certified` or `run_out`. */
  readonly status: string;
  readonly madeAt: string;
  readonly expiresAt: string;
  /** The statement of the enrolment, once there is one. Its digits are the person's to read out. */
  readonly enrol: string | null;
  /** The certificate that was signed for it and not refused, once there is one. */
  readonly certificate: string | null;
}

export interface Change {
  readonly plan: Plan;
  readonly notes: TeamNotes;
  readonly reviewers?: number;
  /** Who may read and write, by membership; who is not named keeps what they have. */
  readonly rights?: Readonly<Record<string, { readonly read: boolean; readonly write: boolean }>>;
  /** New places, on paper. */
  readonly places?: readonly NewPlace[];
}

/** Those of the person's teams. */
export function arrangements(): Promise<ArrangementInShort[]> {
  return listAll<ArrangementInShort>("/api/arrangements");
}

export function newPlace(side: string, role: FamilyRole): NewPlace {
  return { membership: newId(), side, role };
}

const onPaper = ({ membership, side }: NewPlace): Members[number] => ({
  membership,
  side,
  cert_id: "",
  read: true,
  write: true,
});

/** Everybody is on paper as yet. Returns the arrangement's id. */
export async function makeArrangement(
  keys: Keys,
  team: string,
  reviewers: number,
  places: readonly NewPlace[],
  plan: Plan,
  notes: TeamNotes,
): Promise<string> {
  const arrangement = newId();
  const version = { arrangement, n: 1, prev: "", team, reviewers, members: places.map(onPaper) };
  await writeVersion(keys, version, await newestTeamKey(keys, team), [], { plan, notes });
  return arrangement;
}

/** Plan, notes and cards opened with the team's key. Pins what was seen. */
export async function openArrangement(keys: Keys, arrangement: string): Promise<OpenedArrangement> {
  const stands = await standing(keys, arrangement);
  await pin(keys, [stands]);
  const where = (kind: "plan" | "notes"): DocumentHead => ({
    realm: stands.realm,
    kind,
    subject: arrangement,
    n: stands.n,
  });
  const opener = await teamOpener(keys, stands.team);
  const plan = await opener.open(stands.files.plan, stands.planHash, where("plan"));
  const notes = parseTeamNotes(await opener.open(stands.files.notes, stands.notesHash, where("notes")));
  const cards = new Map([...Object.entries(notes.cards ?? {}), ...(await cardsOf(keys, stands, opener))]);
  return { standing: stands, plan: parsePlan(plan), notes, cards };
}

/** Prints nothing: the code is in the sheet, and only there. */
export async function inviteMember(
  keys: Keys,
  stands: Standing,
  place: NewPlace,
  card: Card,
): Promise<Sheet> {
  const { reviewKey, archiveKey } = teamKey(stands);
  const where = { realm: stands.realm, kind: "card", subject: place.membership, n: 0 } as const;
  const file = await sealDocument(where, JSON.stringify(card), [reviewKey, archiveKey]);
  const { membership, role } = place;
  const offer = { membership, arrangement: stands.arrangement, role, card_hash: hash(file) };
  return makeSheet(keys, offer, base64(file));
}

/** Into the arrangements of the person's teams, newest first. */
export async function invitations(): Promise<FollowedInvite[]> {
  const all = await listAll<Api.Invite>("/api/invites");
  return all
    .filter(({ membership }) => membership !== null && membership !== undefined)
    .map((each) => ({
      invite: each.invite,
      statement: each.statement,
      role: each.role,
      membership: each.membership ?? null,
      arrangement: each.arrangement ?? null,
      status: each.status,
      madeAt: each.made_at,
      expiresAt: each.expires_at,
      enrol: each.enrol?.statement ?? null,
      certificate:
        each.certificates.filter(({ verdict }) => verdict !== "quarantined").pop()?.statement ?? null,
    }));
}

/** Certifies who read out these digits. Throws WrongDigits. Returns the certificate's statement. */
export async function certifyMember(
  keys: Keys,
  stands: Standing,
  invite: string,
  digits: string,
): Promise<string> {
  return handInMember(keys, await memberFields(keys, stands, invite, digits));
}

/**
 * Certifies new keys in the place of lost ones, as the first of two persons or, with `first`, as the
 * second. The second counts after the days in which the old keys may object: fewer if both say that
 * staff `met` the person face to face. Throws WrongDigits.
 */
export async function certifyAgain(
  keys: Keys,
  stands: Standing,
  invite: string,
  digits: string,
  met: boolean,
  first: string,
): Promise<string> {
  const fields = await memberFields(keys, stands, invite, digits);
  const replaces = await latestCertificate(keys, fields.membership);
  if (first !== "") {
    const half = (await ledgerOf(keys, [first])).statement(first);
    const isSame = half?.kind === "member" && half.body.enrol_id === fields.enrol_id && half.body.met === met;
    trust(isSame, "wrong-chain");
  }
  return handInMember(keys, { ...fields, met, replaces, prior: first });
}

/** The one that a new one must replace: a version that was made since it was stopped names it no more. */
async function latestCertificate(keys: Keys, membership: string): Promise<string> {
  const all = await listAll<Api.Invite>("/api/invites");
  const mine = all.filter((each) => each.membership === membership).flatMap((each) => each.certificates);
  const logged = mine.filter(({ verdict }) => verdict === "logged").map(({ statement }) => statement);
  const ledger = logged.length === 0 ? null : await ledgerOf(keys, logged);
  const latest = ledger?.at.members.get(membership);
  if (latest === undefined) throw new Missing("keys that were lost");
  return latest;
}

async function memberFields(
  keys: Keys,
  stands: Standing,
  invite: string,
  digits: string,
): Promise<Fields<"member">> {
  const { id, body, invite: offer } = await enrolledWith(keys, invite, digits);
  const role = FAMILY_ROLES.find((each) => each === offer.role);
  trust(offer.arrangement === stands.arrangement && role !== undefined, "wrong-invite");
  trust(offer.card_hash !== "", "no-card");
  return {
    membership: offer.membership,
    arrangement: stands.arrangement,
    role,
    enrol_id: id,
    sign_key: body.sign_key,
    seal_key: body.seal_key,
    card_hash: offer.card_hash,
    until: 0,
    met: false,
    replaces: "",
    prior: "",
  };
}

async function handInMember(keys: Keys, fields: Fields<"member">): Promise<string> {
  const statement = keys.sign("staff", "member", fields);
  await post(`/api/arrangements/${fields.arrangement}/members`, { statement });
  return idOf(statement);
}

/**
 * The next version, with everybody who was certified (membership to certificate), and plan and
 * notes as they are to be. ApiProblem 409 when somebody changed it meanwhile.
 */
export async function bringOnline(
  keys: Keys,
  stands: Standing,
  certified: Readonly<Record<string, string>>,
  change: Change,
): Promise<void> {
  const members = nextMembers(stands, certified, change);
  const team = { id: stands.team, key: teamKey(stands) };
  await writeNext(keys, stands, { members, team, reviewers: change.reviewers ?? stands.reviewers }, change);
}

/** The next version with another plan, other notes, rights, places or number of checkers. */
export function changePlan(keys: Keys, stands: Standing, change: Change): Promise<void> {
  return bringOnline(keys, stands, {}, change);
}

export function nextMembers(
  stands: Standing,
  certified: Readonly<Record<string, string>>,
  change: Pick<Change, "rights" | "places">,
): Members {
  // Keys that were stopped are named no more: whoever had them is on paper until they have new ones.
  const inForce = (certificate: string) => (stands.ledger.isInForce(certificate) ? certificate : "");
  const before = stands.members.map(({ membership, side, certificate, read, write }) => ({
    membership,
    side,
    cert_id: certified[membership] ?? inForce(certificate),
    ...(change.rights?.[membership] ?? { read, write }),
  }));
  return [...before, ...(change.places ?? []).map(onPaper)];
}

/** What the next version has of its own. */
interface Next {
  readonly members: Members;
  readonly team: { readonly id: string; readonly key: TeamKey };
  readonly reviewers: number;
}

/** Signs and sends the version after the governing one. Returns its statement's id. */
export async function writeNext(
  keys: Keys,
  stands: Standing,
  { members, team, reviewers }: Next,
  documents: Pick<Change, "plan" | "notes">,
): Promise<string> {
  // Every key the plan is sealed to is one that a verified certificate names.
  const ids = members.map(({ cert_id }) => cert_id).filter((id) => id !== "");
  const ledger = ids.length === 0 ? stands.ledger : await ledgerOf(keys, ids);
  const readers = members.flatMap(({ membership, cert_id }) => {
    if (cert_id === "") return [];
    const found = ledger.certificate(cert_id);
    const isTheirs =
      found?.holder.kind === "member" &&
      found.holder.membership === membership &&
      found.holder.arrangement === stands.arrangement;
    trust(isTheirs && ledger.isInForce(cert_id), "wrong-certificate");
    return [found.sealKey];
  });
  const { arrangement, statement: prev } = stands;
  const version = { arrangement, n: stands.n + 1, prev, team: team.id, reviewers, members };
  return writeVersion(keys, version, team.key, readers, documents);
}

async function writeVersion(
  keys: Keys,
  version: Omit<Body<"arrangement">, "v" | "realm" | "signer" | "plan_hash" | "notes_hash" | "prior">,
  { reviewKey, archiveKey }: TeamKey,
  readers: readonly string[],
  { plan, notes }: Pick<Change, "plan" | "notes">,
): Promise<string> {
  const { realm } = keys;
  const where = (kind: "plan" | "notes"): DocumentHead => ({
    realm,
    kind,
    subject: version.arrangement,
    n: version.n,
  });
  const team = [reviewKey, archiveKey];
  const sealedPlan = await sealDocument(where("plan"), JSON.stringify(plan), [...readers, ...team]);
  const sealedNotes = await sealDocument(where("notes"), JSON.stringify(notes), team);
  const statement = keys.sign("staff", "arrangement", {
    ...version,
    members: [...version.members].sort((a, b) => (a.membership < b.membership ? -1 : 1)),
    plan_hash: hash(sealedPlan),
    notes_hash: hash(sealedNotes),
    prior: "",
  });
  const body: Api.NewVersion = { statement, plan: base64(sealedPlan), notes: base64(sealedNotes), cards: [] };
  await post("/api/arrangements", body);
  return idOf(statement);
}
