// Hands a milestone over to tenon and ends as it ends. The file is looked for here and in the folders
// above, `tenon` in TENON or the path.
const { existsSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { spawnSync } = require("node:child_process");

const named = process.argv[2];
if (!named) {
  console.error("usage: node verify/runner.ts milestones/NAME.yaml");
  process.exit(2);
}
let folder = process.cwd();
while (!existsSync(join(folder, named)) && dirname(folder) !== folder) {
  folder = dirname(folder);
}
const ended = spawnSync(process.env.TENON || "tenon", ["verify", join(folder, named), "--format", "json"], {
  stdio: "inherit",
});
if (ended.error) {
  console.error(`tenon cannot be started: ${ended.error.message}`);
}
process.exit(ended.status ?? 2);
