import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROGRAM = join(
  import.meta.dirname,
  "../../SampleIm.Api/bin/Debug/net10.0/SampleIm.Api.dll",
);
const LISTENING = /Now listening on: (\S+)/;

/** Starts the program as it was built, over an empty data folder and on a free port. */
export async function startServer() {
  const data = await mkdtemp(join(tmpdir(), "sampleim-clients-"));
  const server = spawn("dotnet", [
    PROGRAM,
    "--urls=http://127.0.0.1:0",
    `--Data:Path=${data}`,
    "--Server:Drain=00:00:00",
  ]);
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      const ended = once(server, "exit");
      server.kill();
      await ended;
    }
    await rm(data, { recursive: true, force: true });
  };
  try {
    return { address: await addressOf(server), stop };
  } catch (fault) {
    await stop();
    throw fault;
  }
}

function addressOf(server) {
  return new Promise((resolve, reject) => {
    let printed = "";
    const read = (chunk) => {
      printed += chunk;
      const found = LISTENING.exec(printed);
      if (found) {
        resolve(found[1]);
      }
    };
    server.stdout.setEncoding("utf8").on("data", read);
    server.stderr.setEncoding("utf8").on("data", read);
    server.on("exit", () => reject(new Error(`The server ended:\n${printed}`)));
  });
}
