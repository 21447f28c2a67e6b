// The client that openapi-typescript makes of the document, put to work: users and extras are created, read, listed,
// changed and deleted. What the compiler lets through must be what the daemon does.
import createClient from "openapi-fetch";
import { checkedReplies } from "./checked_replies.js";
import type { components, paths } from "./openapi.js";

declare const process: { env: Record<string, string | undefined> };

type User = components["schemas"]["User"];

const users = 25;
const client = createClient<paths>({
    baseUrl: process.env["API"] ?? "",
    headers: { Authorization: `Bearer ${process.env["TOKEN"]}` },
});
client.use(checkedReplies);

function claim(isTrue: boolean, sentence: string): void {
    if (!isTrue) throw new Error(`not so: ${sentence}`);
}

interface Answer<Data> {
    data?: Data;
    response: Response;
}

function must<Data>(status: number, answer: Answer<Data>): NonNullable<Data> {
    claim(answer.response.status === status, `${answer.response.url} gives ${status}, not ${answer.response.status}`);
    return answer.data as NonNullable<Data>;
}

function etag(answer: { response: Response }): string {
    return answer.response.headers.get("ETag") ?? "";
}

async function createUser(username: string): Promise<User> {
    return must(201, await client.POST("/api/v1/user_token/", {
        body: { username, password: "correct horse", organization: 1, user_time: 3600, profile: ["evening"] },
    }));
}

async function aUserLives(): Promise<void> {
    const ann = await createUser("ann");
    claim(ann.password === "****" && ann.user_time === 3600, "a user is created with his time");

    const path = { params: { path: { id: ann.id } } };
    const read = await client.GET("/api/v1/user_token/{id}/", {
        params: { ...path.params, query: { balance: true } },
    });
    claim(must(200, read).user_time === 3600, "the balance is shown when asked for");

    const version = { "If-Match": etag(read) };
    const replaced = must(200, await client.PUT("/api/v1/user_token/{id}/", {
        params: { ...path.params, header: version },
        body: { username: "anna", organization: 2, email: "anna@example.org" },
    }));
    claim(replaced.profile.length === 0 && replaced.email === "anna@example.org", "PUT replaces");
    must(412, await client.PATCH("/api/v1/user_token/{id}/", {
        params: { ...path.params, header: version },
        body: { klass: "gold" },
    }));
    claim(must(200, await client.PATCH("/api/v1/user_token/{id}/", { ...path, body: { klass: "gold" } })).klass === "gold",
        "PATCH changes what is named");

    must(400, await client.POST("/api/v1/user_token/", {
        body: { username: "anna", password: "p", organization: 1, email: "nowhere" },
    }));
    must(204, await client.DELETE("/api/v1/user_token/{id}/", path));
    must(404, await client.GET("/api/v1/user_token/{id}/", path));
}

async function pagesLeadThroughAllUsersOnce(): Promise<void> {
    const created = [];
    for (let i = 0; i < users; ++i) created.push((await createUser(`user${i}`)).id);

    const listed: number[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
        const page = must(200, await client.GET("/api/v1/user_token/", {
            params: { query: { cursor, limit: 10, organization: 1 } },
        })) as components["schemas"]["UserPage"];
        listed.push(...page.results.map((user) => user.id));
        cursor = page.next === null ? null : new URL(page.next).searchParams.get("cursor");
    }
    claim(listed.join() === created.join(), "cursors lead through all users once");
    must(400, await client.GET("/api/v1/user_token/", { params: { query: { cursor: "x" } } }));
}

async function anExtraLives(): Promise<void> {
    const bob = await createUser("bob");
    const eve = await createUser("eve");
    const made = await client.POST("/api/v1/user_extra/", {
        body: { parent: bob.id, birthday: "1990-05-04", city: "Turin", tax_id: "T1" },
    });
    const extra = must(201, made);
    must(409, await client.POST("/api/v1/user_extra/", { body: { parent: bob.id } }));

    const path = { params: { path: { id: extra.id } } };
    const version = { "If-Match": etag(made) };
    const moved = must(200, await client.PATCH("/api/v1/user_extra/{id}/", {
        params: { ...path.params, header: version },
        body: { parent: eve.id },
    }));
    claim(moved.parent === eve.id && moved.city === "Turin", "an extra moves whole");
    must(412, await client.DELETE("/api/v1/user_extra/{id}/", { params: { ...path.params, header: version } }));
    const replaced = must(200, await client.PUT("/api/v1/user_extra/{id}/", { ...path, body: { gender: "f" } }));
    claim(replaced.city === null && replaced.parent === eve.id, "PUT keeps the parent alone");

    const listed = must(200, await client.GET("/api/v1/user_extra/", {
        params: { query: { parent: eve.id, device_info: true } },
    }));
    claim(listed.count === 1 && listed.results[0]?.device_info !== undefined, "devices are shown when asked for");
    must(204, await client.DELETE("/api/v1/user_extra/{id}/", path));
    must(404, await client.GET("/api/v1/user_extra/{id}/", path));
}

async function theRestAnswersAsPromised(): Promise<void> {
    const zoe = await createUser("zoe");
    const path = { params: { path: { id: zoe.id } } };
    must(201, await client.POST("/api/v1/user_token/{id}/credit/", { ...path, body: { seconds: 60, reason: "paid" } }));
    must(400, await client.POST("/api/v1/user_token/{id}/credit/", { ...path, body: { seconds: -9999 } }));
    must(200, await client.GET("/api/v1/user_token/{id}/credit/", path));
    must(200, await client.GET("/api/v1/user_token/{id}/ledger/", path));

    const token = must(201, await client.POST("/api/v1/api_token/", { body: { name: "billing", scopes: ["read"] } }));
    claim(token.token !== undefined, "a token is told once");
    must(200, await client.GET("/api/v1/api_token/", { params: { query: { cursor: "" } } }));
    must(204, await client.DELETE("/api/v1/api_token/{id}/", { params: { path: { id: token.id } } }));

    must(200, await client.GET("/healthz"));
    must(200, await client.GET("/readyz"));
    must(200, await client.GET("/api/v1/schema/"));
}

await aUserLives();
await pagesLeadThroughAllUsersOnce();
await anExtraLives();
await theRestAnswersAsPromised();
