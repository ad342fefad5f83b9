import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { startServer } from "./server.js";

const ROOT = join(import.meta.dirname, "..");
const DOCUMENT = "obj/openapi.json";
const ENVIRONMENT = {
  ...process.env,
  DOTNET_CLI_TELEMETRY_OPTOUT: "1",
  DOTNET_NOLOGO: "1",
  REDOCLY_TELEMETRY: "off",
  REDOCLY_SUPPRESS_UPDATE_NOTICE: "true",
};

let server;

/** Runs a command to its end; where it fails, what it printed is the message. */
function run(command, ...args) {
  return new Promise((resolve, reject) => {
    const options = { cwd: ROOT, env: ENVIRONMENT, maxBuffer: 1 << 26 };
    execFile(command, args, options, (fault, stdout, stderr) => {
      if (fault) {
        const printed = `${stdout}\n${stderr}`;
        reject(
          new Error(`${command} ${args.join(" ")}: ${fault.code}\n${printed}`),
        );
      } else {
        resolve(stdout);
      }
    });
  });
}

const tool = (name, ...args) => run(`node_modules/.bin/${name}`, ...args);

describe("the description of the API", { concurrency: true }, () => {
  before(async () => {
    server = await startServer();
    const answer = await fetch(`${server.address}/swagger/v1/swagger.json`);
    assert.equal(answer.status, 200);
    await rm(join(ROOT, "obj"), { recursive: true, force: true });
    await mkdir(join(ROOT, "obj"));
    await writeFile(join(ROOT, DOCUMENT), await answer.text());
  });

  after(() => server?.stop());

  it("has nothing that Spectral finds fault with", () =>
    tool(
      "spectral",
      "lint",
      "--fail-severity=hint",
      "-r",
      "spectral.yaml",
      DOCUMENT,
    ));

  it("has nothing that Redocly finds fault with", async () => {
    const report = await tool(
      "redocly",
      "lint",
      "--extends=recommended",
      "--format=json",
      DOCUMENT,
    );
    const { totals, problems } = JSON.parse(report);
    assert.deepEqual(
      totals,
      { errors: 0, warnings: 0, ignored: 0 },
      JSON.stringify(problems),
    );
  });

  it("makes a TypeScript client that compiles and takes the tour", async () => {
    await tool("openapi-typescript", DOCUMENT, "--output", "obj/api.d.ts");
    await tool("tsc");
    assert.match(
      await run("node", "obj/tour.js", server.address),
      /took the tour/,
    );
  });

  it("makes a C# client that compiles and takes the tour", async () => {
    await run("dotnet", "tool", "restore");
    await run(
      "dotnet",
      "nswag",
      "openapi2csclient",
      `/input:${DOCUMENT}`,
      "/output:obj/SampleImClient.cs",
      "/namespace:SampleIm.Clients",
      "/className:SampleImClient",
      "/jsonLibrary:SystemTextJson",
      "/generateNullableReferenceTypes:true",
      "/generateOptionalParameters:true",
    );
    await run("dotnet", "build", "csharp", "--nologo", "-v", "quiet");
    assert.match(
      await run(
        "dotnet",
        "run",
        "--project",
        "csharp",
        "--no-build",
        server.address,
      ),
      /took the tour/,
    );
  });
});
