// Holds every reply that a client gets to what the document promises for its path, method and status.
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import type { Middleware } from "openapi-fetch";
import document from "./openapi.json" with { type: "json" };

const documentId = "openapi.json";
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema(document, documentId);

type Node = Record<string, unknown>;

function child(parent: unknown, name: string): unknown {
    return (parent as Node | undefined)?.[name];
}

const escaped = (name: string) => encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"));

// The document's place for that reply, by its way from the root; a shared one is followed.
function placeOfReply(path: string, method: string, status: string): string[] {
    const way = ["paths", path, method, "responses", status];
    const reply = way.reduce(child, document as unknown);
    if (reply === undefined) throw new Error(`the document knows no ${status} of ${method} ${path}`);
    const shared = child(reply, "$ref") as string | undefined;
    return shared ? shared.replace("#/", "").split("/") : way;
}

export const checkedReplies: Middleware = {
    async onResponse({ request, response, schemaPath }) {
        const method = request.method.toLowerCase();
        const place = placeOfReply(schemaPath, method, String(response.status));
        const body = [...place, "content", "application/json", "schema"];
        if (body.reduce(child, document as unknown) === undefined) {
            const text = await response.clone().text();
            if (text !== "") throw new Error(`a body where the document has none: ${text}`);
            return;
        }
        const validate = ajv.compile({ $ref: `${documentId}#/${body.map(escaped).join("/")}` });
        const reply: unknown = await response.clone().json();
        if (!validate(reply)) {
            throw new Error(`${method} ${schemaPath}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(reply)}`);
        }
    },
};
