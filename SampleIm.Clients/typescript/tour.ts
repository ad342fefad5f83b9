// The tour of the README with openapi-fetch and the types that openapi-typescript generates. The first argument is the
// server's address.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { paths } from "sampleim-api";

const PASSWORD = "correct horse battery";
const NAME = "alice-ts";
const TALK = { id: `@${NAME}` };
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

const api = createClient<paths>({ baseUrl: process.argv[2]! });

/** The body of an answer that has to be a success. */
async function body<T>(
  answer: Promise<{ data?: T; error?: unknown }>,
): Promise<T> {
  const { data, error } = await answer;
  assert.ok(data !== undefined, JSON.stringify(error));
  return data;
}

const account = await body(
  api.POST("/api/account/register", {
    body: { username: NAME, password: PASSWORD, displayName: "Alice" },
  }),
);
assert.equal(account.username, NAME);

// A program has no cookies: it signs in by token.
let tokens = await body(
  api.POST("/api/account/token", {
    body: { username: NAME, password: PASSWORD },
  }),
);
tokens = await body(
  api.POST("/api/account/refresh", {
    body: { refreshToken: tokens.refreshToken },
  }),
);
api.use({
  onRequest({ request }) {
    request.headers.set(
      "Authorization",
      `${tokens.tokenType} ${tokens.accessToken}`,
    );
    return request;
  },
});

const poll = await api.GET("/api/total");
assert.equal(poll.data?.me, NAME);
const unchanged = await api.GET("/api/total", {
  params: { header: { "If-None-Match": poll.response.headers.get("ETag")! } },
});
assert.equal(unchanged.response.status, 304);

// The same clientId again brings the same message.
const send = () =>
  body(
    api.POST("/api/conversations/{id}/messages", {
      params: { path: TALK },
      body: { text: "hello", clientId: "1" },
    }),
  );
const sent = await send();
assert.equal((await send()).seq, sent.seq);
const news = await body(
  api.GET("/api/conversations/{id}/messages/new", {
    params: { path: TALK, query: { after: 0 } },
  }),
);
assert.deepEqual(
  news.messages.map((message) => message.text),
  ["hello"],
);

const message = { path: { ...TALK, seq: sent.seq } };
await body(
  api.PATCH("/api/conversations/{id}/messages/{seq}", {
    params: message,
    body: { text: "hello!" },
  }),
);
const edits = await body(
  api.GET("/api/conversations/{id}/messages/new", {
    params: { path: TALK, query: { after: news.version } },
  }),
);
assert.ok(edits.messages[0]?.editedAt);
await api.PUT("/api/conversations/{id}/read", {
  params: { path: TALK },
  body: { seq: sent.seq },
});
await api.DELETE("/api/conversations/{id}/messages/{seq}", { params: message });
const recalled = await body(
  api.GET("/api/conversations/{id}/messages/{seq}", { params: message }),
);
assert.equal(recalled.text, null);

const picture = await body(
  api.POST("/api/images", {
    body: { file: "" },
    bodySerializer: () => {
      const form = new FormData();
      form.append(
        "file",
        new Blob([PICTURE], { type: "image/png" }),
        "picture.png",
      );
      return form;
    },
  }),
);
const shown = await body(
  api.POST("/api/conversations/{id}/messages", {
    params: { path: TALK },
    body: { imageId: picture.id },
  }),
);
assert.equal(shown.image?.width, 1);
const bytes = await api.GET("/media/{id}", {
  params: { path: { id: picture.id } },
  parseAs: "arrayBuffer",
});
assert.equal(bytes.response.headers.get("Content-Type"), "image/png");

const refused = await api.POST("/api/conversations/{id}/messages", {
  params: { path: TALK },
  body: { text: " " },
});
assert.equal(refused.error?.code, "message.empty");
assert.equal((await api.POST("/api/account/logout")).response.status, 204);
console.log("The TypeScript client took the tour.");
