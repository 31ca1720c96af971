/** A user of the test, with a token that is good here and nowhere else. */
export interface User {
  role: string;
  xuid: string;
  gamertag: string;
  title_id: string;
  authorization: string;
  headers: Record<string, string>;
}

/** One request and what came of it. */
export interface Entry {
  number: number;
  operation: string;
  type: string;
  method: string;
  target: string;
  body: any;
  status: number | null;
  answer: any;
  decided_by: string;
  evidence: string | null;
  refusal: string | null;
  explained: string[];
}

export type SessionRef = { scid: string; templateName: string; name: string };
export type Claim =
  | "invited" | "not_invited" | "no_invites" | "activity" | "no_activity" | "sent" | "not_sent" | "in_order"
  | "no_assumptions" | "all_answered";

/** Python's keyword arguments; roles stand for xuids. */
export interface Words {
  xuids?: string[];
  user?: string;
  operation?: string;
  steps?: (string | [string, object])[];
  session?: string | SessionRef;
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

/** An open connection of the push channel. */
export interface Connection {
  connection: string;
  xuid: string;
  role: string;
  mute: boolean;
}

/** What can be asked of a server, or of one world of it. */
export interface Control {
  reset(): Promise<void>;
  arrange(state: object): Promise<void>;
  /** The user of a role, made at the first call. */
  user(role: string): Promise<User>;
  rules(rules: object[]): Promise<string[]>;
  claim(name: Claim, words?: Words): Promise<{ holds: true }>;
  sent(words?: Record<string, string>): Promise<Entry[]>;
  clock(words: { advance?: string | number; set?: string; freeze?: boolean }): Promise<{ now: string; frozen: boolean }>;
  choices(said: object | string | (object | string)[]): Promise<Record<string, unknown>>;
  drop(who: string, words?: { noticed?: boolean; code?: number; mute?: boolean }): Promise<void>;
  connections(): Promise<Connection[]>;
  hold(words?: { name?: string; operation?: string; when?: object }): Promise<{ name: string; waiting: object[] }>;
  release(words?: { name?: string; count?: number }): Promise<void>;
  world(): Promise<Control>;
}

export function control(url?: string): Control;
