// What the API of this commit can do, as the build found it in openapi.json (vite.config.ts).
declare const __API__: {
  people: boolean; // persons sign in; otherwise only tokens do
  days: boolean; // days are counted and closed
  stream: boolean; // events arrive by themselves; otherwise the trail is asked for them
  cache: boolean; // the report cache tells about itself
  changes: boolean; // what counts already is changed by asking somebody else
  gate: boolean; // undecided entries of earlier days keep managers from adding
  notifications: boolean; // what others did that concerns one
  delivery: boolean; // event metrics and dead letters
};

export const api = __API__;
