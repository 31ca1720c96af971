/** A user of the test, with a token that is good here and nowhere else. */
export interface User {
  role: string;
  xuid: string;
  gamertag: string;
  title_id: string;
  authorization: string;
  headers: Record<string, string>;
}

/** The properties of a user; roles can replace xuids. */
export interface UserWords {
  xuid?: string;
  gamertag?: string;
  title_id?: string;
  authorization?: string;
  user_hash?: string;
  device_token?: string;
  multiplayer?: boolean;
  follows?: string[];
  favorites?: string[];
  blocks?: string[];
}

/** The title's own service, and its headers for players. */
export interface Service {
  title_id: string;
  authorization: string;
  headers: Record<string, string>;
}

/** One request and what came of it. */
export interface Entry {
  number: number;
  at: string;
  service: string;
  operation: string;
  type: string;
  method: string;
  target: string;
  caller: string | null;
  headers: [string, string][];
  body: any;
  status: number | null;
  original_status: number | null;
  answer_headers: [string, string][];
  answer: any;
  duration: number;
  decided_by: string;
  evidence: string | null;
  refusal: string | null;
  fault: string | null;
  assumptions: string[];
  notes: string[];
  who: string;
  outcome: string;
  explained: string[];
}

export interface Journal {
  entries: Entry[];
  next: number;
  written: number;
  dropped: number;
  fitting: number;
}

/** Which requests are meant; `count` and `wait` wait for them. */
export interface Sought {
  operation?: string;
  type?: string;
  by?: string;
  since?: number;
  before?: number;
  text?: string;
  kind?: "refused" | "lost" | "assumed";
  newest?: number;
  count?: number;
  wait?: number;
}

export type SessionRef = { scid: string; templateName: string; name: string };
export type Claim =
  | "invited" | "not_invited" | "no_invites" | "activity" | "no_activity" | "sent" | "not_sent" | "in_order"
  | "no_assumptions" | "all_answered";

/** Python's keyword arguments; roles can replace xuids. */
export interface Words {
  xuids?: string[];
  user?: string;
  operation?: string;
  steps?: (string | [string, object])[];
  session?: string | SessionRef;
  service?: string;
  by?: string;
  times?: number;
  only?: boolean;
  accepted?: boolean;
  within?: number;
  since?: number;
  title_id?: string;
  context?: string;
  fields?: object;
  except?: string[];
}

/** An invite or an activity that was accepted, as it stood on the wire. */
export interface Accepted {
  number: number | null;
  at: string;
  by: string;
  delivered: boolean | null;
  [field: string]: any;
}

export interface Assumption {
  question: string;
  text: string;
  instead: string;
}

export interface RuleCount {
  rule: string;
  name: string | null;
  place: string;
  met: number;
  fired: number;
}

export interface Held {
  method: string;
  target: string;
}

export interface Hold {
  name: string;
  waiting: Held[];
}

/** What was pushed to a member of a session. */
export interface Tap {
  xuid: string;
  connection: string;
  sessionRef: SessionRef;
  changeNumber: number;
  at: string;
  changes: string[];
}

export interface Tapped {
  who?: string;
  session?: string;
  wait?: number;
}

/** An open connection of the push channel. */
export interface Connection {
  connection: string;
  xuid: string;
  role: string;
  mute: boolean;
}

export interface Time {
  now: string;
  frozen: boolean;
}

/** Answers to open questions: some of them, the name of a set, or a list of these. */
export type Choices = object | string | (object | string)[];

/** How a world begins, and how long it stays without use: an hour, unless told otherwise. */
export interface WorldWords {
  name?: string;
  users?: string[];
  expires_after?: number | null;
  /** What ends it: the `t` of node:test, or any object with such an `after`. */
  test?: { after(end: () => Promise<void>): void };
}

/** An existing world. */
export interface WorldRecord {
  id: string;
  name: string;
  control: string;
  age: number;
  expires_after: number | null;
  expires_in: number | null;
  requests: number;
  connections: number;
}

/** What can be asked of a server, or of one world of it. */
export interface Control {
  about(): Promise<Record<string, any>>;
  reset(): Promise<void>;
  arrange(state: object): Promise<void>;
  replace(state: object): Promise<void>;
  state(): Promise<Record<string, any>>;
  overview(): Promise<Record<string, any>>;
  snapshot(name: string): Promise<void>;
  restore(name: string): Promise<void>;
  snapshots(): Promise<string[]>;
  /** The user of a role, made at the first call. */
  user(role: string, words?: UserWords): Promise<User>;
  addUser(words?: UserWords & { role?: string }): Promise<User>;
  knownUser(role: string): Promise<User>;
  users(): Promise<User[]>;
  expire(role: string): Promise<void>;
  renew(role: string): Promise<User>;
  service(words?: { title_id?: string; authorization?: string; users?: string[] }): Promise<Service>;
  expireService(words?: { title_id?: string }): Promise<void>;
  renewService(words?: { title_id?: string }): Promise<Service>;
  claim(name: Claim, words?: Words): Promise<{ holds: true }>;
  settle(words?: { seconds?: number; at_most?: number }): Promise<{ holds: true }>;
  sent(words?: Sought): Promise<Entry[]>;
  journal(words?: Sought): Promise<Journal>;
  timeline(words?: Sought): Promise<string>;
  forget(): Promise<void>;
  invites(): Promise<Accepted[]>;
  activities(): Promise<Accepted[]>;
  assumptions(): Promise<Assumption[]>;
  unanswered(): Promise<string[]>;
  wanted(): Promise<void>;
  rules(rules: object[]): Promise<string[]>;
  ruleCounts(words?: { fired?: 0 | 1 }): Promise<RuleCount[]>;
  removeRule(name: string): Promise<void>;
  removeRules(): Promise<void>;
  clock(words: { advance?: string | number; set?: string; freeze?: boolean }): Promise<Time>;
  now(): Promise<Time>;
  choices(said: Choices): Promise<Record<string, unknown>>;
  onlyChoices(said?: Choices): Promise<Record<string, unknown>>;
  chosen(): Promise<Record<string, unknown>>;
  hold(words?: { name?: string; operation?: string; when?: object }): Promise<Hold>;
  holds(words?: { name?: string; count?: number; wait?: number }): Promise<Hold[]>;
  held(count?: number, words?: { name?: string; wait?: number }): Promise<Held[]>;
  release(words?: { name?: string; count?: number }): Promise<void>;
  taps(words?: Tapped & { count?: number }): Promise<Tap[]>;
  tapped(count?: number, words?: Tapped): Promise<Tap[]>;
  connections(): Promise<Connection[]>;
  drop(who: string, words?: { noticed?: boolean; code?: number; mute?: boolean }): Promise<void>;
  resync(who: string): Promise<void>;
  world(words?: WorldWords): Promise<World>;
  worlds(): Promise<WorldRecord[]>;
  aboutWorld(name: string): Promise<Record<string, any>>;
  renewWorld(name: string, words?: { expires_after?: number | null }): Promise<WorldRecord>;
  expireWorld(name: string): Promise<void>;
  endWorld(name: string): Promise<void>;
  description(): Promise<Record<string, any>>;
}

/** A separate world: all of these calls are about it. */
export interface World extends Control {
  /** What the server has said of it; the users that were wanted, by role. */
  record: { id: string; name: string; control: string; users: Record<string, User> };
  /** End it; ending it twice is not an error. */
  end(): Promise<void>;
  /** The same, at the end of a block with `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

declare global {
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol; // TypeScript has it from 5.2 on, and takes it twice
  }
}

export function control(url?: string): Control;
